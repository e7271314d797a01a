package io.millrace.broker;

import io.millrace.event.Bytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A durable table of keys and values that a gateway keeps for its protocol's own state, such as
/// committed offsets. Thread-safe.
public interface DurableTable {
    /// One change; no value for a key that is to be forgotten.
    record Change(String key, @Nullable Bytes value) {}

    /// Makes several changes, all of them or none. Never blocks; changes hold in the order of the
    /// calls.
    ///
    /// @param changes at least one
    /// @return done, on a shard's thread, once they are on disk; fails with OVERLOADED, DISK_FULL,
    ///   DISK_READ_ONLY, PARTITION_FAILED or SHUTTING_DOWN
    CompletableFuture<@Nullable Void> write(List<Change> changes);

    /// Visits everything that is there. Waits for the disk; for a start.
    void forEach(BiConsumer<String, Bytes> each);
}
