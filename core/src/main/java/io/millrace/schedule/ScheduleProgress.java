package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

/// How far a schedule has come. Times are milliseconds since 1970, rounded up.
///
/// @param servedMillis all its times up to here have been dealt with; at first the moment in which
///   the schedule was set up, so that what is missed before it ever fires is made up for too
/// @param lastMillis the last of its times that fired; `null` if it never has
public record ScheduleProgress(long servedMillis, @Nullable Long lastMillis) {}
