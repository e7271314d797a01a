package io.millrace.gateway.mqtt.session;

import io.millrace.broker.DurableTable;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A table whose writes wait until the test does them, lets them fail, or crashes.
final class LifeTable implements DurableTable {
    private final TreeMap<String, Bytes> values;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private record Held(List<Change> changes, CompletableFuture<@Nullable Void> done) {}

    LifeTable(Map<String, Bytes> values) {
        this.values = new TreeMap<>(values);
    }

    @Override
    public CompletableFuture<@Nullable Void> write(List<Change> changes) {
        Held write = new Held(List.copyOf(changes), new CompletableFuture<>());
        held.add(write);
        return write.done;
    }

    @Override
    public void forEach(BiConsumer<String, Bytes> each) {
        values.forEach(each);
    }

    /// Does the next write, or lets it fail.
    ///
    /// @return whether there was one
    boolean work(boolean fails) {
        Held write = held.poll();
        if (write == null) {
            return false;
        }
        if (fails) {
            write.done.completeExceptionally(
                    new MillraceException(ErrorCode.DISK_FULL, "disk", "is full"));
        } else {
            apply(write);
            write.done.complete(null);
        }
        return true;
    }

    private void apply(Held write) {
        for (Change each : write.changes) {
            Bytes value = each.value();
            if (value == null) {
                values.remove(each.key());
            } else {
                values.put(each.key(), Bytes.wrap(value.toArray()));
            }
        }
    }

    int waiting() {
        return held.size();
    }

    /// What is there after a crash that lets some of what waits through.
    LifeTable crashed(int through) {
        for (int i = 0; i < through; i++) {
            apply(held.remove());
        }
        return new LifeTable(values);
    }
}
