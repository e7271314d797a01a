package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.serial.Serial;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the outcome of one transaction to every partition and to the groups, again and again until
/// all have it on disk. That they are told twice does no harm. On the coordinator's thread.
final class Completion {
    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);
    private static final Duration DELAY_MIN = Duration.ofMillis(50);
    private static final Duration DELAY_MAX = Duration.ofSeconds(10);

    /// There is one coordinator, and never another.
    private static final int COORDINATOR_EPOCH = 0;

    private final Transaction transaction;
    private final boolean isCommit;
    private final Markers markers;
    private final TransactionalOffsets offsets;
    private final Serial serial;
    private final Runnable whenDone;

    private final TreeSet<PartitionName> untold;
    private boolean offsetsUntold;
    private int underWay;
    private Duration delay = DELAY_MIN;

    /// @param transaction whose outcome is decided and on disk
    Completion(
            Transaction transaction,
            Markers markers,
            TransactionalOffsets offsets,
            Serial serial,
            Runnable whenDone) {
        this.transaction = transaction;
        this.isCommit = transaction.state() == TransactionState.PREPARE_COMMIT;
        this.markers = markers;
        this.offsets = offsets;
        this.serial = serial;
        this.whenDone = whenDone;
        this.untold = new TreeSet<>(transaction.partitions());
        this.offsetsUntold = transaction.hasOffsets();
    }

    void tell() {
        // One for this loop, so that replies given at once do not end the round before it is over.
        underWay = 1;
        ProducerIdentity producer = transaction.producer();
        TransactionMarker marker =
                new TransactionMarker(
                        producer.producerId(), producer.epoch(), COORDINATOR_EPOCH, isCommit);
        for (PartitionName partition : List.copyOf(untold)) {
            underWay++;
            mark(partition, marker);
        }
        if (offsetsUntold) {
            underWay++;
            var _ =
                    offsets.complete(producer.producerId(), producer.epoch(), isCommit)
                            .whenComplete((_, failure) -> serial.run(() -> offsetsTold(failure)));
        }
        roundPartOver();
    }

    private void mark(PartitionName partition, TransactionMarker marker) {
        Topics.Reply reply =
                new Topics.Reply() {
                    @Override
                    public void stored(long baseOffset, long startOffset) {
                        serial.run(() -> told(partition, null));
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        serial.run(() -> told(partition, problem));
                    }
                };
        try {
            markers.mark(partition.topic(), partition.partition(), marker, reply);
        } catch (MillraceException e) {
            reply.failed(e);
        }
    }

    private void told(PartitionName partition, @Nullable MillraceException problem) {
        if (problem == null || isPast(problem.code())) {
            untold.remove(partition);
        } else {
            LOG.debug(
                    "the end of a transaction of {} cannot be written to {}-{} yet: {}",
                    transaction.id(),
                    partition.topic(),
                    partition.partition(),
                    problem.getMessage());
        }
        roundPartOver();
    }

    /// Whether the partition is gone with everything in it, or has a later epoch of the producer
    /// because it was told before a crash.
    private static boolean isPast(ErrorCode code) {
        return code == ErrorCode.STREAM_NOT_FOUND
                || code == ErrorCode.PARTITION_NOT_FOUND
                || code == ErrorCode.PRODUCER_FENCED;
    }

    private void offsetsTold(@Nullable Throwable failure) {
        if (failure == null) {
            offsetsUntold = false;
        } else {
            LOG.debug(
                    "the offsets in a transaction of {} cannot be completed yet: {}",
                    transaction.id(),
                    failure.toString());
        }
        roundPartOver();
    }

    private void roundPartOver() {
        underWay--;
        if (underWay > 0) {
            return;
        }
        if (untold.isEmpty() && !offsetsUntold) {
            whenDone.run();
            return;
        }
        if (delay.compareTo(DELAY_MAX) >= 0) {
            LOG.warn(
                    "the end of a transaction of {} still cannot be written to {} partitions{};"
                            + " tried again every {} s",
                    transaction.id(),
                    untold.size(),
                    offsetsUntold ? " and to its group's offsets" : "",
                    DELAY_MAX.toSeconds());
        }
        Duration wait = delay;
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : doubled;
        serial.after(wait, this::tell);
    }
}
