package io.millrace.log;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one log keeps its records.
///
/// @param durability when an append counts as stored
/// @param segmentBytes size at which a new segment begins
/// @param segmentAge age at which a new segment begins, so that retention by time can drop the old
///   one
/// @param retentionAge records older than this may go; `null` keeps them for ever
/// @param retentionBytes the oldest segments go when the log is larger; `null` sets no limit
/// @param compacted whether only the latest record of each key is kept
/// @param tombstoneRetention how long a compacted log keeps a record without value, so that readers
///   learn of the deletion, before it goes as well
public record LogConfig(
        Durability durability,
        int segmentBytes,
        Duration segmentAge,
        @Nullable Duration retentionAge,
        @Nullable Long retentionBytes,
        boolean compacted,
        Duration tombstoneRetention) {
    public static final LogConfig DEFAULT =
            new LogConfig(
                    Durability.SYNCED,
                    256 << 20,
                    Duration.ofDays(7),
                    Duration.ofDays(7),
                    null,
                    false,
                    Duration.ofDays(1));
}
