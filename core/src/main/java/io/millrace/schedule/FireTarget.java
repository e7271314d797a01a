package io.millrace.schedule;

import io.millrace.event.Event;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where a [ScheduleRunner] sends what schedules emit.
@FunctionalInterface
public interface FireTarget {
    /// Sends the event or job of one of a schedule's times. Called on the runner's thread, so it
    /// must not wait. The same event comes again if it fails, or if the server stops before it is
    /// recorded that it has fired.
    ///
    /// @param dueMillis when it was due, in milliseconds since 1970; rounded up
    /// @return done once it is stored; one that is never done holds up this schedule
    CompletableFuture<@Nullable Void> fire(ScheduleResource schedule, Event event, long dueMillis);
}
