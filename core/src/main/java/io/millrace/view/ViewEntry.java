package io.millrace.view;

import io.millrace.event.Bytes;
import io.millrace.resource.EntityTag;
import org.jspecify.annotations.Nullable;

/// What a view holds for one key. Immutable.
///
/// @param key at most [#KEY_BYTES_MAX] bytes of UTF-8, not empty
/// @param value JSON: an event in the JSON format of CloudEvents, or the row of a query
/// @param updatedMillis when it became so, in milliseconds since 1970: when the event was recorded,
///   or what the query said
/// @param origin of the event; `null` for a row
public record ViewEntry(String key, Bytes value, long updatedMillis, @Nullable ViewOrigin origin) {
    public static final int KEY_BYTES_MAX = 1_024;

    /// Whether a text can be a key: neither empty nor too long.
    public static boolean isKey(String key) {
        // No UTF-16 unit takes more than three bytes.
        return !key.isEmpty()
                && (key.length() <= KEY_BYTES_MAX / 3 || Bytes.utf8(key).length() <= KEY_BYTES_MAX);
    }

    /// A strong entity tag, which changes exactly when value or context do.
    public String etag() {
        return EntityTag.of(value, origin == null ? "" : origin.context());
    }

    /// Whether a reader could not tell this from the other.
    boolean saysTheSameAs(@Nullable ViewEntry other) {
        return other != null
                && value.equals(other.value)
                && (origin == null
                        ? other.origin == null
                        : other.origin != null && origin.context().equals(other.origin.context()));
    }
}
