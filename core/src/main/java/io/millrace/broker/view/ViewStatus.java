package io.millrace.broker.view;

import org.jspecify.annotations.Nullable;

/// How a view is.
///
/// @param keys how many it holds
/// @param bytes on disk
/// @param lagEvents events that are stored and not looked at yet
/// @param updates changes since the server started
/// @param skipped events that lacked a part of the key, or whose key was too long
/// @param followers who follow it
/// @param pattern of the events that feed it; `null` if a query does
/// @param query that feeds it, if that is known
/// @param problem what is wrong, as a sentence; `null` for nothing
/// @param copy `null` if it is copied nowhere
public record ViewStatus(
        String name,
        State state,
        long keys,
        long bytes,
        long lagEvents,
        long updates,
        long skipped,
        int followers,
        @Nullable String pattern,
        @Nullable String query,
        @Nullable String problem,
        @Nullable Copy copy) {
    /// How the table is that it is copied to.
    ///
    /// @param current whether it says the same, but for what has just changed
    /// @param written changes since the server started
    /// @param problem why it is not written, as a sentence; `null` if it is
    public record Copy(boolean current, long written, @Nullable String problem) {}

    /// Whether what is read is what there is.
    public enum State {
        /// It is kept current.
        CURRENT,
        /// It has not yet caught up with its history.
        LOADING,
        /// It cannot be kept current.
        FAILED
    }
}
