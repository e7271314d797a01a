package io.millrace.view;

import org.jspecify.annotations.Nullable;

/// One change of a view.
///
/// @param entry what the key holds now; `null` if it is gone
/// @param millis when, in milliseconds since 1970
public record ViewChange(String key, @Nullable ViewEntry entry, long millis) {
    public static ViewChange put(ViewEntry entry) {
        return new ViewChange(entry.key(), entry, entry.updatedMillis());
    }

    public static ViewChange delete(String key, long millis) {
        return new ViewChange(key, null, millis);
    }

    /// About how much memory it takes.
    int bytes() {
        return 64 + 2 * key.length() + (entry == null ? 0 : entry.value().length());
    }
}
