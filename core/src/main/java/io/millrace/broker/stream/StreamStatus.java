package io.millrace.broker.stream;

import io.millrace.log.Log;
import io.millrace.log.LogState;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a stream holds at this moment.
///
/// @param mount the context it is mounted on
/// @param events how many can be read, as offsets count them: compaction leaves gaps
/// @param durability `synced` or `buffered`
/// @param bytes on disk
public record StreamStatus(
        String name,
        String mount,
        String durability,
        long events,
        long bytes,
        List<PartitionStatus> partitions) {

    /// @param start the oldest offset that can be read
    /// @param end the offset behind the newest
    /// @param failure why it takes no more events, or `null` if it does
    /// @param damages what is known to be stored and cannot be read, a sentence each
    /// @param published events since the server started
    /// @param lastRecordedMillis when the newest event since the start of the server was recorded,
    ///   if there was one
    public record PartitionStatus(
            int partition,
            long start,
            long end,
            long bytes,
            long published,
            @Nullable Long lastRecordedMillis,
            @Nullable String failure,
            List<String> damages) {}

    /// What it holds now.
    public static StreamStatus of(Stream stream) {
        List<PartitionStatus> partitions = new ArrayList<>();
        long events = 0;
        long bytes = 0;
        for (Partition partition : stream.partitions()) {
            Log log = partition.log();
            long last = partition.lastRecordedMillis();
            long start = log.startOffset();
            long end = Math.max(start, log.readableOffset());
            partitions.add(
                    new PartitionStatus(
                            partition.number(),
                            start,
                            end,
                            log.sizeBytes(),
                            partition.publishedCount(),
                            last < 0 ? null : last,
                            log.state() instanceof LogState.Failed(String reason) ? reason : null,
                            partition.damages().stream().map(Damage::detail).toList()));
            events += end - start;
            bytes += log.sizeBytes();
        }
        return new StreamStatus(
                stream.name(),
                stream.mount().path(),
                stream.partitions().getFirst().durability().name().toLowerCase(Locale.ROOT),
                events,
                bytes,
                partitions);
    }
}
