package io.millrace.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The times at which a schedule fires. Immutable; any thread may ask.
public sealed interface Timetable permits Cron, Every, Once {
    /// No timetable has a time after the year 9999: RFC 3339 could not write it.
    Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /// The first time that is later than `after`; `null` if there is none up to [#LAST].
    @Nullable Instant next(Instant after);
}
