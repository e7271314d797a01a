package io.millrace.letter;

import io.millrace.event.Context;
import io.millrace.event.Event;

/// An event or a job that could not be delivered.
///
/// @param id the same for the same event of the same group and delivery, so that burying it twice
///   leaves one letter
/// @param kind of the resource that failed: Subscription or Queue
/// @param name of it
/// @param reason one of the reasons
/// @param detail why, as a sentence
/// @param status the last answer's, 0 if there was none
/// @param attempts how often it was given out
/// @param firstMillis when for the first time, 0 if never
/// @param lastMillis when it was given up
/// @param stream where the event is or was recorded
/// @param resubmissions how often it had been sent again before it failed this time
public record DeadLetter(
        String id,
        String kind,
        String name,
        Reason reason,
        String detail,
        int status,
        int attempts,
        long firstMillis,
        long lastMillis,
        String stream,
        int partition,
        long offset,
        int resubmissions,
        Context context,
        Event event) {
    /// Why it was given up.
    public enum Reason {
        /// A consumer or a sink said that it can never succeed.
        REJECTED,
        /// It failed too often, or for too long.
        ATTEMPTS_EXHAUSTED,
        /// Its leases ended too often without an answer.
        LEASES_ENDED,
        /// Its time was over before anybody took it.
        EXPIRED,
        /// The queue was full and dropped its oldest job.
        QUEUE_FULL,
        /// Its transform failed.
        TRANSFORM_FAILED
    }

    /// Which group it belongs to: `Queue/orders`.
    public String group() {
        return kind + "/" + name;
    }
}
