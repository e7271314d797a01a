package io.millrace.view;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A table in memory, whose "disk" outlives it. All methods are synchronized, scans copy.
final class MemoryViewStore implements ViewStore {
    /// What a crash leaves.
    static final class MemoryDisk {
        private Content committed = new Content();
    }

    private static final class Content {
        final TreeMap<String, ViewEntry> entries = new TreeMap<>();
        final Map<String, Long> progress = new HashMap<>();
        final Map<String, String> notes = new HashMap<>();

        Content copy() {
            Content copy = new Content();
            copy.entries.putAll(entries);
            copy.progress.putAll(progress);
            copy.notes.putAll(notes);
            return copy;
        }
    }

    private final MemoryDisk disk;
    private final Content content;

    MemoryViewStore(MemoryDisk disk) {
        this.disk = disk;
        this.content = disk.committed.copy();
    }

    @Override
    public synchronized @Nullable ViewEntry get(String key) {
        return content.entries.get(key);
    }

    @Override
    public synchronized void put(ViewEntry entry) {
        content.entries.put(entry.key(), entry);
    }

    @Override
    public synchronized void delete(String key) {
        content.entries.remove(key);
    }

    @Override
    public synchronized Map<String, Long> progress() {
        return new HashMap<>(content.progress);
    }

    @Override
    public synchronized void progress(String source, long next) {
        content.progress.put(source, next);
    }

    @Override
    public synchronized @Nullable String note(String name) {
        return content.notes.get(name);
    }

    @Override
    public synchronized void note(String name, String text) {
        content.notes.put(name, text);
    }

    @Override
    public synchronized void commit() {
        disk.committed = content.copy();
    }

    @Override
    public void scan(String from, Predicate<ViewEntry> visitor) {
        TreeMap<String, ViewEntry> copy;
        synchronized (this) {
            copy = new TreeMap<>(content.entries.tailMap(from));
        }
        for (ViewEntry entry : copy.values()) {
            if (!visitor.test(entry)) {
                return;
            }
        }
    }

    @Override
    public synchronized Snapshot snapshot() {
        Iterator<ViewEntry> all = new TreeMap<>(content.entries).values().iterator();
        return new Snapshot() {
            @Override
            public @Nullable ViewEntry next() {
                return all.hasNext() ? all.next() : null;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized long size() {
        return content.entries.size();
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public boolean isOvergrown() {
        return false;
    }

    @Override
    public void abandon() {}

    @Override
    public void close() {
        commit();
    }
}
