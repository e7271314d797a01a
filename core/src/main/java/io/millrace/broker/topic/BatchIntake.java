package io.millrace.broker.topic;

import io.millrace.broker.queue.HostedQueue;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.log.BatchCheck;
import io.millrace.log.ProducedBatch;
import io.millrace.log.batch.BatchFormat;
import io.millrace.producer.TransactionEnd;
import io.millrace.queue.JobRules;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Append;
import io.millrace.shard.ContextCount;
import io.millrace.shard.Partition;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.List;

/// Producers' batches and the ends of their transactions on their way in: checked, and handed to
/// their partition or queue. Thread-safe; never blocks.
///
/// A batch that may take long to check does not hold up the thread that brings it. What a producer
/// sends to one partition stays in order all the same, the ends of its transactions included.
public final class BatchIntake {
    /// Clocks of producers may be ahead by that much.
    private static final Duration AHEAD_MAX = Duration.ofHours(1);

    private static final int JOBS_BYTES_MIN = 1 << 20;

    private final Means means;
    private final OrderedWork checks;
    private final QueueIntake jobs;

    /// What it stands on.
    ///
    /// @param threading where long checks are made and lanes opened
    /// @param requireOpen throws SHUTTING_DOWN when the broker is closed
    public record Means(
            Guard guard,
            ContextTable contexts,
            Clock clock,
            Threading threading,
            int eventBytesMax,
            Runnable requireOpen) {}

    /// Hears once what became of a batch or an end, on any thread.
    public interface Outcome {
        /// As [Append.Reply#lend].
        default void lend(Runnable write) {
            write.run();
        }

        /// @param baseOffset -1 if a queue took the records
        /// @param startOffset the oldest offset that can be read
        void stored(long baseOffset, long startOffset);

        void failed(MillraceException problem);
    }

    /// What a producer sends to one place has an order; what those send that have no id is taken to
    /// come from one.
    private record Writer(Object place, int partition, long producer) {}

    /// @param batch has not been looked at yet
    private static Writer writer(Object place, int partition, ProducedBatch batch) {
        boolean hasHeader = batch.bytes().length - batch.from() >= BatchFormat.HEADER_BYTES;
        return new Writer(place, partition, hasHeader ? batch.producerId() : -1);
    }

    public BatchIntake(Means means) {
        this.means = means;
        this.checks = new OrderedWork("check-batch", means.threading);
        this.jobs = new QueueIntake(means.threading);
    }

    private void inOrder(Writer writer, boolean isLong, Outcome outcome, Runnable action) {
        checks.run(
                writer,
                isLong,
                () -> {
                    means.requireOpen.run();
                    action.run();
                },
                outcome::failed);
    }

    /// Takes a batch for a stream.
    ///
    /// @throws MillraceException what is wrong, unless that is found later and told so
    public void append(
            Principal principal, Stream stream, int number, ProducedBatch bytes, Outcome outcome) {
        TopicPartition place = TopicPartition.of(stream, number);
        inOrder(
                writer(place.partition(), number, bytes),
                BatchCheck.mayTakeLong(bytes),
                outcome,
                () -> check(principal, stream, place, bytes, outcome));
    }

    private void check(
            Principal principal,
            Stream stream,
            TopicPartition place,
            ProducedBatch bytes,
            Outcome outcome) {
        Partition partition = place.partition();
        BatchContexts contexts = new BatchContexts(partition.origin());
        ProducedBatch batch =
                BatchCheck.check(
                        bytes, rules(stream.batchBytesMax(), stream.compacted()), contexts);
        List<ContextCount> counts = contexts.of(batch);
        for (ContextCount count : counts) {
            means.guard.publish(principal, count.context());
            means.contexts.of(count.context().path());
        }
        offer(place, Append.ofBatch(partition, batch, counts, new BatchReply(outcome)));
    }

    private BatchCheck.Rules rules(int bytesMax, boolean needsKeys) {
        return new BatchCheck.Rules(
                bytesMax, needsKeys, means.clock.epochMillis() + AHEAD_MAX.toMillis());
    }

    private static void offer(TopicPartition place, Append append) {
        if (!place.shard().offer(append)) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED,
                    "too many records wait to be written; slow down and try again");
        }
    }

    private record BatchReply(Outcome outcome) implements Append.Reply {
        @Override
        public boolean lend(Runnable write) {
            outcome.lend(write);
            return true;
        }

        @Override
        public void stored(Append append, long baseOffset) {
            outcome.stored(baseOffset, append.partition().log().startOffset());
        }

        @Override
        public void failed(Append append, MillraceException problem) {
            outcome.failed(problem);
        }
    }

    /// Takes a batch of jobs.
    ///
    /// @throws MillraceException what is wrong, unless that is found later and told so
    public void enqueue(
            Principal principal,
            HostedQueue queue,
            int partition,
            ProducedBatch bytes,
            Outcome outcome) {
        if (partition < 0 || partition >= JobRules.LANES) {
            throw TopicPartition.missing(queue.name(), JobRules.LANES);
        }
        means.guard.publish(principal, queue.context());
        inOrder(
                writer(queue, partition, bytes),
                BatchCheck.mayTakeLong(bytes),
                outcome,
                () -> {
                    int bytesMax = Math.max(means.eventBytesMax, JOBS_BYTES_MIN);
                    ProducedBatch batch = BatchCheck.check(bytes, rules(bytesMax, false), _ -> {});
                    jobs.put(
                            queue,
                            partition,
                            batch,
                            problem -> {
                                if (problem == null) {
                                    outcome.stored(-1, 0);
                                } else {
                                    outcome.failed(problem);
                                }
                            });
                });
    }

    /// Ends a transaction, behind the batches of it that have been taken.
    ///
    /// @throws MillraceException what is wrong, unless that is found later and told so
    public void mark(TopicPartition place, TransactionEnd end, Outcome outcome) {
        Partition partition = place.partition();
        inOrder(
                new Writer(partition, partition.number(), end.producerId()),
                false,
                outcome,
                () -> offer(place, Append.ofEnd(partition, end, new BatchReply(outcome))));
    }
}
