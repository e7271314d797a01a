package io.millrace.shard;

/// Bounds of a shard.
///
/// @param inboxBytesMax bytes of events handed over and not answered yet; beyond, publishers are
///   told to slow down
/// @param batchBytesMax bytes of events written as one record batch
public record ShardConfig(long inboxBytesMax, int batchBytesMax) {
    public static final ShardConfig DEFAULT = new ShardConfig(64 << 20, 1 << 20);

    public ShardConfig {
        if (inboxBytesMax < 1 || batchBytesMax < 1) {
            throw new IllegalArgumentException("a shard's bounds must be positive");
        }
    }
}
