package io.millrace.house.broken.shard;

/// A room that no gateway may know.
public final class ShardBehindTheDoor {
    /// What somebody may reach for.
    public String name() {
        return "shard";
    }
}
