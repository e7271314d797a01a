package io.millrace.broker;

import io.millrace.log.Durability;
import io.millrace.log.LogState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a stream holds at this moment.
///
/// @param mount the context it is mounted on
/// @param events how many can be read, as offsets count them: compaction leaves gaps
/// @param bytes on disk
public record StreamStatus(
        String name,
        String mount,
        Durability durability,
        long events,
        long bytes,
        List<PartitionStatus> partitions) {

    /// @param start the oldest offset that can be read
    /// @param end the offset behind the newest
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
            LogState state) {}
}
