package io.millrace.view;

import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An ordered table of keys and entries on disk, with how far those that feed it have come.
///
/// One thread at a time changes and commits; what it has changed can be read at once, by every
/// thread and without waiting. [#commit] makes all changes since the last one durable, together:
/// after a crash there are all of them or none, entries, progress and notes alike.
///
/// What fails throws [MillraceException] with VIEW_FAILED.
public interface ViewStore extends AutoCloseable {
    @Nullable ViewEntry get(String key);

    void put(ViewEntry entry);

    void delete(String key);

    /// The next offset of each source that feeds it, by the source's name.
    Map<String, Long> progress();

    void progress(String source, long next);

    /// What was noted under a name.
    @Nullable String note(String name);

    void note(String name, String text);

    /// Makes everything until now durable. Waits for the disk.
    void commit();

    /// Shows entries in the order of their keys as they are at this moment, whatever changes
    /// meanwhile.
    ///
    /// @param from the first key
    /// @param visitor says whether to go on
    void scan(String from, Predicate<ViewEntry> visitor);

    /// The table as it is now, to be read as long as it is not closed.
    Snapshot snapshot();

    /// How many keys there are.
    long size();

    /// Bytes on disk.
    long bytes();

    /// Whether the file is much larger than what is in it, so that it should be written anew.
    boolean isOvergrown();

    /// Ends it without a commit: what was not committed is lost.
    void abandon();

    /// Commits and ends it.
    @Override
    void close();

    /// A table at one moment. Used by one thread.
    interface Snapshot extends AutoCloseable {
        /// The next entry in the order of the keys; `null` at the end.
        @Nullable ViewEntry next();

        @Override
        void close();
    }
}
