package io.millrace.schedule;

import io.millrace.event.Context;

/// Where a schedule's events or jobs go.
public sealed interface ScheduleTarget {
    /// An event is published in this context.
    record ToContext(Context context) implements ScheduleTarget {}

    /// A job is put into the queue of this name.
    record ToQueue(String queue) implements ScheduleTarget {}
}
