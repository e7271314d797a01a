package io.millrace.broker;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.keyed.KeyedChange;
import io.millrace.keyed.KeyedLog;
import io.millrace.keyed.KeyedLogs;
import io.millrace.log.FileLogs;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The tables of gateways, each a keyed log in the folder `tables`; opened when they are asked for.
/// Thread-safe.
final class DurableTables implements AutoCloseable {
    private final Path root;
    private final Disk disk;
    private final KeyedLogs logs;
    private final Shard shard;

    /// Guarded by this.
    private final TreeMap<String, KeyedLog> open = new TreeMap<>();

    /// @param shard the one that writes
    DurableTables(Path data, Disk disk, FileLogs logs, Shard shard, Threading threading) {
        this.root = data.resolve("tables");
        this.disk = disk;
        this.logs = new KeyedLogs(disk, logs, threading);
        this.shard = shard;
    }

    /// Opens a table, or makes a new one. Waits for the disk.
    synchronized DurableTable table(String name) {
        KeyedLog known = open.get(name);
        if (known == null) {
            try {
                disk.createFolders(root);
                Path parent = root.getParent();
                if (parent != null) {
                    disk.syncFolder(parent);
                }
                known = logs.open(root.resolve(name), shard);
            } catch (IOException e) {
                throw new MillraceException(
                        ErrorCode.PARTITION_FAILED,
                        "the table %s cannot be opened: %s".formatted(name, e),
                        e);
            }
            open.put(name, known);
        }
        return new Table(known);
    }

    synchronized void clean(Cleaner cleaner) {
        open.values().forEach(log -> log.clean(cleaner));
    }

    @Override
    public synchronized void close() {
        open.values().forEach(KeyedLog::close);
        open.clear();
    }

    private record Table(KeyedLog log) implements DurableTable {
        @Override
        public CompletableFuture<@Nullable Void> write(List<Change> changes) {
            return log.write(changes.stream().map(Table::change).toList());
        }

        private static KeyedChange change(Change change) {
            Bytes value = change.value();
            return value == null
                    ? KeyedChange.delete(change.key(), List.of())
                    : KeyedChange.put(change.key(), value, List.of());
        }

        @Override
        public void forEach(BiConsumer<String, Bytes> each) {
            long next = 0;
            while (next >= 0) {
                next =
                        log.scan(
                                next,
                                Integer.MAX_VALUE,
                                record -> {
                                    Bytes key = record.key();
                                    Bytes value = record.value();
                                    if (key != null) {
                                        each.accept(
                                                key.toUtf8(), value == null ? Bytes.EMPTY : value);
                                    }
                                    return true;
                                });
            }
        }
    }
}
