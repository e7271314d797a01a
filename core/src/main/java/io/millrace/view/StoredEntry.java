package io.millrace.view;

import io.millrace.event.Bytes;
import org.jspecify.annotations.Nullable;

/// An entry without its key.
record StoredEntry(Bytes value, long updatedMillis, @Nullable ViewOrigin origin) {
    static StoredEntry of(ViewEntry entry) {
        return new StoredEntry(entry.value(), entry.updatedMillis(), entry.origin());
    }

    ViewEntry with(String key) {
        return new ViewEntry(key, value, updatedMillis, origin);
    }
}
