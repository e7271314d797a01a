package io.millrace.query.source;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.EventOrigin;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/// The contexts that records name, and whether their table wants them: looked up by the bytes, so
/// that nothing is decoded twice. Used by one thread.
final class ContextsMet {
    private static final int REMEMBERED_MAX = 10_000;

    private final ContextPattern pattern;
    private final Map<Bytes, Met> met = new HashMap<>();

    record Met(StringData path, boolean wanted) {}

    ContextsMet(ContextPattern pattern) {
        this.pattern = pattern;
    }

    /// @param named what the record says its context is
    Met of(LogRecord record, @Nullable Bytes named, EventOrigin origin) {
        if (named == null) {
            return met(EventRecords.context(record, origin));
        }
        Met known = met.get(named);
        if (known == null) {
            known = met(EventRecords.context(record, origin));
            if (met.size() >= REMEMBERED_MAX) {
                met.clear();
            }
            // The record's memory is used again.
            met.put(Bytes.wrap(named.toArray()), known);
        }
        return known;
    }

    private Met met(Context context) {
        return new Met(StringData.fromString(context.path()), pattern.matches(context));
    }
}
