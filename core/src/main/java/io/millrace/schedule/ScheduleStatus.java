package io.millrace.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What to show about a schedule.
///
/// @param next the next of its times; `null` if there is none any more
/// @param last the last of its times that fired; `null` if it never has
/// @param lastProblem why the time that is tried now has not fired yet, as a sentence; `null` if
///   all is well
/// @param waiting how many of its times have come and not fired yet
public record ScheduleStatus(
        String name,
        @Nullable Instant next,
        @Nullable Instant last,
        @Nullable String lastProblem,
        int waiting) {}
