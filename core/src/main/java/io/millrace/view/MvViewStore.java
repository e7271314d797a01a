package io.millrace.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RootReference;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/// A table in one file of H2's MVStore: a copy-on-write B-tree, whose readers each see one version
/// and wait for nobody. The only class that knows the library beside [EntryType].
public final class MvViewStore implements ViewStore {
    private static final int CACHE_MB = 32;

    /// A file may grow by so much, and to so many times what it was when it was opened or new.
    private static final long GROWTH_BYTES = 256L << 20;

    private static final int GROWTH_TIMES = 4;

    private final MVStore store;
    private final MVMap<String, StoredEntry> entries;

    /// The size of the file after the first commit here.
    private volatile long live;

    private final MVMap<String, Long> progress;
    private final MVMap<String, String> notes;

    private MvViewStore(MVStore store) {
        this.store = store;
        this.entries =
                store.openMap(
                        "entries",
                        new MVMap.Builder<String, StoredEntry>()
                                .keyType(StringDataType.INSTANCE)
                                .valueType(EntryType.INSTANCE));
        this.progress =
                store.openMap(
                        "progress",
                        new MVMap.Builder<String, Long>()
                                .keyType(StringDataType.INSTANCE)
                                .valueType(LongDataType.INSTANCE));
        this.notes =
                store.openMap(
                        "notes",
                        new MVMap.Builder<String, String>()
                                .keyType(StringDataType.INSTANCE)
                                .valueType(StringDataType.INSTANCE));
    }

    /// Opens a table, or makes an empty one.
    ///
    /// @throws MillraceException VIEW_FAILED
    public static MvViewStore open(Path file) {
        return tried(() -> {
            // "async:" because an ordinary channel is closed for everybody when one thread
            // that reads is interrupted, as the threads of HTTP requests are. A buffer size
            // of 0 and no background thread: only commit() commits.
            MVStore store =
                    new MVStore.Builder()
                            .fileName("async:" + file.toAbsolutePath())
                            .autoCommitDisabled()
                            .autoCommitBufferSize(0)
                            .cacheSize(CACHE_MB)
                            .open();
            // Where freed space is used again, a crash was seen to bring back an older
            // commit (ADR 13). So files only grow, until they are written anew.
            store.setReuseSpace(false);
            store.setVersionsToKeep(0);
            return new MvViewStore(store);
        });
    }

    private static <T extends @Nullable Object> T tried(Supplier<T> action) {
        try {
            return action.get();
        } catch (MVStoreException e) {
            throw new MillraceException(
                    ErrorCode.VIEW_FAILED,
                    "the file of the view cannot be used: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public @Nullable ViewEntry get(String key) {
        StoredEntry found = tried(() -> entries.get(key));
        return found == null ? null : found.with(key);
    }

    @Override
    public void put(ViewEntry entry) {
        tried(() -> entries.put(entry.key(), StoredEntry.of(entry)));
    }

    @Override
    public void delete(String key) {
        tried(() -> entries.remove(key));
    }

    @Override
    public Map<String, Long> progress() {
        return tried(() -> new HashMap<>(progress));
    }

    @Override
    public void progress(String source, long next) {
        tried(() -> progress.put(source, next));
    }

    @Override
    public @Nullable String note(String name) {
        return tried(() -> notes.get(name));
    }

    @Override
    public void note(String name, String text) {
        tried(() -> notes.put(name, text));
    }

    @Override
    public void commit() {
        tried(() -> {
            if (store.hasUnsavedChanges()) {
                store.commit();
                store.sync();
                live = live == 0 ? bytes() : live;
            }
            return store;
        });
    }

    @Override
    public void scan(String from, Predicate<ViewEntry> visitor) {
        try (Snapshot snapshot = snapshot(from)) {
            ViewEntry next = snapshot.next();
            while (next != null && visitor.test(next)) {
                next = snapshot.next();
            }
        }
    }

    @Override
    public Snapshot snapshot() {
        return snapshot("");
    }

    /// The version is registered before its root is taken, so that its pages stay.
    private Snapshot snapshot(String from) {
        return tried(() -> {
            MVStore.TxCounter usage = store.registerVersionUsage();
            RootReference<String, StoredEntry> root = entries.flushAndGetRoot();
            return new Version(store, usage, new Cursor<>(root, from, null));
        });
    }

    @Override
    public long size() {
        return entries.sizeAsLong();
    }

    @Override
    public long bytes() {
        return tried(() -> store.getFileStore().size());
    }

    @Override
    public boolean isOvergrown() {
        return bytes() > GROWTH_BYTES + GROWTH_TIMES * live;
    }

    @Override
    public void abandon() {
        store.closeImmediately();
    }

    @Override
    public void close() {
        commit();
        store.closeImmediately();
    }

    /// One version of the tree.
    private static final class Version implements Snapshot {
        private final MVStore store;
        private final MVStore.TxCounter usage;
        private final Cursor<String, StoredEntry> cursor;
        private boolean closed;

        Version(MVStore store, MVStore.TxCounter usage, Cursor<String, StoredEntry> cursor) {
            this.store = store;
            this.usage = usage;
            this.cursor = cursor;
        }

        @Override
        public @Nullable ViewEntry next() {
            return tried(() -> {
                if (!cursor.hasNext()) {
                    return null;
                }
                String key = cursor.next();
                return cursor.getValue().with(key);
            });
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                store.deregisterVersionUsage(usage);
            }
        }
    }
}
