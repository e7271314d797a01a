package io.millrace.view;

import org.jspecify.annotations.Nullable;

/// Which keys are meant: those that fit all of this. Keys are in the order of their UTF-16 units.
///
/// @param prefix of the key; `null` for any
/// @param from the first key; `null` for no bound
/// @param to the key behind the last; `null` for no bound
public record ViewRange(@Nullable String prefix, @Nullable String from, @Nullable String to) {
    public static final ViewRange ALL = new ViewRange(null, null, null);

    /// No key that is meant lies before this one.
    String start() {
        String low = from == null ? "" : from;
        return prefix == null || prefix.compareTo(low) < 0 ? low : prefix;
    }

    /// Whether a key from [#start] on lies behind all that are meant.
    boolean endsBefore(String key) {
        return (to != null && key.compareTo(to) >= 0)
                || (prefix != null && !key.startsWith(prefix));
    }

    boolean contains(String key) {
        return key.compareTo(start()) >= 0 && !endsBefore(key);
    }
}
