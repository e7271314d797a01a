package io.millrace.query.source;

import io.millrace.event.Bytes;
import io.millrace.log.HeaderWindows;
import io.millrace.log.LogRecord;
import org.jspecify.annotations.Nullable;

/// The headers of one record after the other that decide what it is, each found once. Used by one
/// thread.
final class RecordHeaders {
    private static final int SPECVERSION = 0;
    private static final int ID = 1;
    private static final int SOURCE = 2;
    private static final int TYPE = 3;
    private static final int TIME = 4;
    private static final int CONTEXT = 5;

    private final HeaderWindows found =
            new HeaderWindows(
                    "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "context");

    void lookAt(LogRecord record) {
        record.find(found);
    }

    /// Whether the record's headers are the event's attributes, as with all that is written here.
    boolean areAttributes() {
        return found.has(SPECVERSION) && found.has(ID) && found.has(SOURCE) && found.has(TYPE);
    }

    @Nullable Bytes type() {
        return found.get(TYPE);
    }

    @Nullable Bytes time() {
        return found.get(TIME);
    }

    @Nullable Bytes context() {
        return found.get(CONTEXT);
    }
}
