package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be done with the queues that are set up. Thread-safe; the methods may wait and belong
/// on a virtual thread.
///
/// A job is a CloudEvent. Its extensions `priority` (integer, 0 to 9, 9 goes first, 4 without one),
/// `scheduledtime` (timestamp, not given out before), `expirytime` (timestamp, not given out after)
/// and `partitionkey` (its ordered group) say how it is treated. A job's *number* (`4-17`) is its
/// lane, which is its priority, and its offset there.
///
/// Every method throws [MillraceException] with QUEUE_NOT_FOUND if there is none of that name, and
/// FORBIDDEN.
public interface Queues {
    /// A job that was taken.
    ///
    /// @param number of the job; of the one that was there already for a duplicate, `null` if that
    ///   is not known any more
    /// @param duplicate whether a job with the same source and id was put in within the window
    record Enqueued(@Nullable String number, boolean duplicate) {}

    /// Puts jobs in, all of them or none.
    ///
    /// @param jobs at least one
    /// @return one answer for each, in the same order, once they are stored
    /// @throws MillraceException QUEUE_FULL, EVENT_TOO_LARGE, EVENT_INVALID naming the extension,
    ///   OVERLOADED, SHUTTING_DOWN
    List<Enqueued> enqueue(Principal principal, String name, List<Event> jobs);

    /// Gives jobs to a worker, those of higher priority first.
    ///
    /// @return none if there was nothing to be had in time
    List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException;

    /// The same, with every job settled as it is given out.
    List<Leased> receiveAndDelete(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException;

    /// Settles leases, each by itself.
    ///
    /// @return one result for each, in the same order
    List<SettleResult> settle(Principal principal, String name, List<SettleRequest> requests);

    /// Leases deferred jobs by their numbers; those that are not deferred are left out.
    List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease);

    /// A job as it lies in the queue.
    ///
    /// @param state ready, leased, scheduled, delayed (after a release), held (behind another of
    ///   its group) or deferred
    /// @param untilMillis when the lease ends or the job is due; 0 if neither
    record Peeked(
            String number,
            String state,
            long untilMillis,
            int deliveries,
            int failures,
            io.millrace.stream.StoredEvent job) {}

    /// Shows jobs without taking them, by number.
    ///
    /// @param after the number behind which to begin; `null` for the first
    List<Peeked> peek(Principal principal, String name, @Nullable String after, int max);

    /// Takes a scheduled job back before it is due.
    ///
    /// @throws MillraceException NOT_FOUND if there is no such job, or it is not scheduled
    void cancel(Principal principal, String name, String number);

    /// Throws all jobs away that are not leased.
    ///
    /// @return how many
    long purge(Principal principal, String name);

    /// Gives out no job until [#resume]; jobs are still taken in.
    void pause(Principal principal, String name);

    void resume(Principal principal, String name);

    GroupStatus status(Principal principal, String name);

    /// All, by name.
    List<GroupStatus> status(Principal principal);

    /// The state of an ordered group, `null` if it has none.
    @Nullable Bytes groupState(Principal principal, String name, String group);

    /// Keeps a state for an ordered group.
    ///
    /// @param state at most 256 KiB; `null` forgets it
    /// @throws MillraceException BODY_TOO_LARGE
    void groupState(Principal principal, String name, String group, @Nullable Bytes state);
}
