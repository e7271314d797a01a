package io.millrace.broker.topic;

import io.millrace.broker.queue.HostedQueue;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.io.Randomness;
import io.millrace.io.Threading;
import io.millrace.log.EventOrigin;
import io.millrace.log.EventRecords;
import io.millrace.log.ProducedBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Jobs from producers' batches: each record enters its queue like any job, with the priority that
/// its event has. Thread-safe.
public final class QueueIntake {
    private final Threading threading;

    /// @param threading where lanes are opened
    public QueueIntake(Threading threading) {
        this.threading = threading;
    }

    /// Puts the records of a batch in.
    ///
    /// A plain record's job gets its id from the producer's sequence numbers, so that one that
    /// comes again is a duplicate within the queue's window; from chance where there are none.
    ///
    /// @param partition to which the producer has sent them, as it counts for each by itself
    /// @param batch that was checked
    /// @param whenDone told once they are stored, or what went wrong
    /// @throws MillraceException RECORD_INVALID, TRANSACTION_INVALID
    public void put(
            HostedQueue queue,
            int partition,
            ProducedBatch batch,
            Consumer<@Nullable MillraceException> whenDone) {
        if (batch.isTransactional()) {
            throw new MillraceException(
                    ErrorCode.TRANSACTION_INVALID,
                    "the queue %s takes part in no transactions; produce to it without"
                            .formatted(queue.name()));
        }
        List<HostedQueue.Entering> jobs = check(queue, jobs(queue, partition, batch));
        if (queue.isReadyFor(jobs)) {
            enqueue(queue, jobs, whenDone);
            return;
        }
        threading.after(
                "open-lane",
                Duration.ZERO,
                () -> {
                    try {
                        enqueue(queue, jobs, whenDone);
                    } catch (MillraceException e) {
                        whenDone.accept(e);
                    }
                });
    }

    private static void enqueue(
            HostedQueue queue,
            List<HostedQueue.Entering> jobs,
            Consumer<@Nullable MillraceException> whenDone) {
        var _ =
                queue.enqueue(jobs, false)
                        .whenComplete((_, failure) ->
                                whenDone.accept(failure == null ? null : problem(failure)));
    }

    private static MillraceException problem(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        return cause instanceof MillraceException problem
                ? problem
                : new MillraceException(
                        ErrorCode.INTERNAL, "the jobs were not stored: " + cause, failure);
    }

    private static List<Event> jobs(HostedQueue queue, int partition, ProducedBatch batch) {
        EventOrigin origin = new EventOrigin(queue.name(), queue.incarnation(), 0, queue.context());
        long first = batch.baseSequence();
        String stem =
                batch.producerId() >= 0
                        ? "%d-%d-%d".formatted(batch.producerId(), batch.producerEpoch(), partition)
                        : Long.toHexString(Randomness.system().nextLong());
        List<Event> jobs = new ArrayList<>(batch.count());
        batch.records()
                .forEach(record -> {
                    long number =
                            batch.producerId() >= 0
                                    ? (first + jobs.size()) & Integer.MAX_VALUE
                                    : jobs.size();
                    jobs.add(EventRecords.decode(record, origin, stem + "-" + number));
                });
        return jobs;
    }

    private static List<HostedQueue.Entering> check(HostedQueue queue, List<Event> jobs) {
        try {
            return queue.check(jobs);
        } catch (MillraceException e) {
            String field = e.problems().getFirst().field();
            throw new MillraceException(
                    ErrorCode.RECORD_INVALID,
                    "%s: %s".formatted(field == null ? "a job" : field, e.getMessage()));
        }
    }
}
