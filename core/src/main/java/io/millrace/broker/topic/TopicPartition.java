package io.millrace.broker.topic;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Threading;
import io.millrace.log.AbortedTransaction;
import io.millrace.log.Isolation;
import io.millrace.log.Log;
import io.millrace.log.LogRegion;
import io.millrace.producer.Producers;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.stream.Stream;
import java.util.List;

/// One partition of a stream as Kafka's clients read it. Thread-safe.
public record TopicPartition(Partition partition, Shard shard) {
    /// A marker and a small batch have so many bytes together, so that a region of a known size has
    /// a bounded number of aborted transactions.
    private static final int TRANSACTION_BYTES_MIN = 146;

    /// @throws MillraceException PARTITION_NOT_FOUND
    public static TopicPartition of(Stream stream, int number) {
        if (number < 0 || number >= stream.partitions().size()) {
            throw missing(stream.topic(), stream.partitions().size());
        }
        return new TopicPartition(stream.partitions().get(number), stream.shards().get(number));
    }

    /// That a topic has no such partition.
    public static MillraceException missing(String topic, int partitions) {
        return new MillraceException(
                ErrorCode.PARTITION_NOT_FOUND,
                "partition",
                "the topic %s has the partitions 0 to %d".formatted(topic, partitions - 1));
    }

    /// What can be read at one moment.
    ///
    /// @param stable up to which it is decided what becomes of every record
    /// @param end up to which everything is stored
    public record Extent(long start, long stable, long end) {}

    public Extent extent() {
        Log log = partition.log();
        // In this order, so that none is before the one to its left.
        long start = log.startOffset();
        long stable = Math.max(start, log.readableOffset());
        return new Extent(start, stable, Math.max(stable, log.storedOffset()));
    }

    /// Stored batches, and those of the aborted transactions that have batches among them.
    public record Piece(LogRegion region, Extent extent, List<AbortedTransaction> aborted) {}

    /// @throws MillraceException OFFSET_OUT_OF_RANGE, PARTITION_CORRUPT, DISK_READ_FAILED
    public Piece read(long offset, int bytesMax, Isolation isolation) {
        Extent extent = extent();
        if (offset < extent.start || offset > extent.end) {
            throw outOfRange(offset, extent);
        }
        boolean isCommitted = isolation == Isolation.READ_COMMITTED;
        long limit = isCommitted ? extent.stable : extent.end;
        LogRegion region = partition.log().region(offset, bytesMax, Math.max(offset, limit));
        if (!isCommitted || region.size() == 0) {
            return new Piece(region, extent, List.of());
        }
        List<AbortedTransaction> aborted = partition.aborted().between(offset, limit);
        int before = 0;
        while (before < aborted.size() && aborted.get(before).firstOffset() < offset) {
            before++;
        }
        // Those that begin in the region come first, and there is not room for more of them in it.
        int most = before + region.size() / TRANSACTION_BYTES_MIN + 1;
        return new Piece(
                region, extent, aborted.size() > most ? aborted.subList(0, most) : aborted);
    }

    private MillraceException outOfRange(long offset, Extent extent) {
        return new MillraceException(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "%s holds the offsets %d to %d, and %d is not among them"
                        .formatted(partition, extent.start, extent.end, offset));
    }

    /// Drops records. Waits for the disk. What is not decided yet stays.
    ///
    /// @param before -1 for everything that is stored
    /// @return the oldest offset that can be read now
    /// @throws MillraceException OFFSET_OUT_OF_RANGE
    public long deleteBefore(long before) {
        Extent extent = extent();
        if (before > extent.end || before < -1) {
            throw outOfRange(before, extent);
        }
        long from = before < 0 ? extent.stable : Math.min(before, extent.stable);
        if (from > extent.start) {
            partition.log().deleteBefore(from);
        }
        return partition.log().startOffset();
    }

    /// What is known of its producers. Waits for the shard.
    public List<Producers.Known> producers(Threading threading) {
        return threading.await(shard.call(() -> partition.producers().all()));
    }
}
