package io.millrace.keyed;

import io.millrace.event.Bytes;
import io.millrace.log.RecordBody;
import io.millrace.log.RecordHeader;
import java.util.List;

/// A key and what is to hold for it.
///
/// @param body the record, with the key and a value, or without a value where the key is deleted
/// @param isDeletion whether the key is to be gone
public record KeyedChange(String key, RecordBody body, boolean isDeletion) {
    /// @param headers kept beside the value
    public static KeyedChange put(String key, Bytes value, List<RecordHeader> headers) {
        return new KeyedChange(key, RecordBody.of(Bytes.utf8(key), value, headers), false);
    }

    /// @param headers why, for whoever reads the log before the compaction forgets the deletion
    public static KeyedChange delete(String key, List<RecordHeader> headers) {
        return new KeyedChange(key, RecordBody.of(Bytes.utf8(key), null, headers), true);
    }
}
