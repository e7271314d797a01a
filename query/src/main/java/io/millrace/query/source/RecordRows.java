package io.millrace.query.source;

import io.millrace.event.AttributeValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.log.EventOrigin;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/// Makes rows of records: only the columns that are wanted are decoded. Used by one thread.
final class RecordRows {
    private static final Map<SourceColumn.Kind, String> HEADERS =
            Map.of(
                    SourceColumn.Kind.ID, "ce_id",
                    SourceColumn.Kind.SOURCE, "ce_source",
                    SourceColumn.Kind.TYPE, "ce_type",
                    SourceColumn.Kind.SUBJECT, "ce_subject",
                    SourceColumn.Kind.DATASCHEMA, "ce_dataschema",
                    SourceColumn.Kind.DATACONTENTTYPE, "content-type",
                    SourceColumn.Kind.PARTITIONKEY, "ce_partitionkey");

    private final List<SourceColumn> columns;
    private final JsonFields fields;
    private final boolean wantsExtensions;

    RecordRows(List<SourceColumn> columns) {
        this.columns = columns;
        this.fields = new JsonFields(columns);
        this.wantsExtensions =
                columns.stream().anyMatch(c -> c.kind() == SourceColumn.Kind.EXTENSIONS);
    }

    /// What a record became.
    ///
    /// @param problem what is wrong with its data; `null` if nothing is
    record Made(GenericRowData row, @Nullable String problem) {}

    /// When the record's event happened: its time, else when it was recorded.
    static long eventMillis(LogRecord record, RecordHeaders headers, @Nullable Event decoded) {
        if (decoded != null) {
            Timestamp time = decoded.time();
            return time == null ? record.timestampMillis() : time.instant().toEpochMilli();
        }
        Bytes text = headers.time();
        return text == null
                ? record.timestampMillis()
                : EventTimes.millis(text, record.timestampMillis());
    }

    /// The event, where the headers are not its attributes or all extensions are wanted.
    @Nullable Event decoded(LogRecord record, RecordHeaders headers, EventOrigin origin) {
        return wantsExtensions || !headers.areAttributes()
                ? EventRecords.decode(record, origin).event()
                : null;
    }

    /// @param viewKey of the row, if it is one of a view
    Made make(
            LogRecord record,
            EventOrigin origin,
            ContextsMet.Met context,
            long eventMillis,
            @Nullable Event decoded,
            @Nullable String viewKey) {
        GenericRowData row = new GenericRowData(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            SourceColumn.Kind kind = columns.get(i).kind();
            if (kind == SourceColumn.Kind.VIEW_KEY) {
                row.setField(i, StringData.fromString(viewKey));
            } else if (kind != SourceColumn.Kind.FIELD) {
                row.setField(i, value(kind, record, origin, context, eventMillis, decoded));
            }
        }
        String problem = null;
        if (!fields.isEmpty()) {
            problem = fields.fill(row, decoded == null ? record.valueWindow() : decoded.data());
        }
        return new Made(row, problem);
    }

    private static @Nullable Object value(
            SourceColumn.Kind kind,
            LogRecord record,
            EventOrigin origin,
            ContextsMet.Met context,
            long eventMillis,
            @Nullable Event decoded) {
        return switch (kind) {
            case CONTEXT -> context.path();
            case STREAM -> StringData.fromString(origin.stream());
            case PARTITION -> origin.partition();
            case OFFSET -> record.offset();
            case RECORDED_AT -> TimestampData.fromEpochMillis(record.timestampMillis());
            case EVENT_TIME -> TimestampData.fromEpochMillis(eventMillis);
            case TIME -> time(record, decoded);
            case DATA -> text(decoded == null ? record.valueWindow() : decoded.data());
            case ID, SOURCE, TYPE, SUBJECT, DATASCHEMA, DATACONTENTTYPE, PARTITIONKEY ->
                    decoded == null
                            ? text(record.header(String.valueOf(HEADERS.get(kind))))
                            : attribute(kind, decoded);
            case EXTENSIONS -> extensions(decoded);
            case FIELD, VIEW_KEY, UPDATED -> null;
        };
    }

    static @Nullable StringData text(@Nullable Bytes utf8) {
        return utf8 == null ? null : StringData.fromBytes(utf8.toArray());
    }

    static @Nullable StringData attribute(SourceColumn.Kind kind, Event event) {
        String text =
                switch (kind) {
                    case ID -> event.id();
                    case SOURCE -> event.source();
                    case TYPE -> event.type();
                    case SUBJECT -> event.subject();
                    case DATASCHEMA -> event.dataSchema();
                    case DATACONTENTTYPE -> event.dataContentType();
                    case PARTITIONKEY -> event.partitionKey();
                    default -> null;
                };
        return text == null ? null : StringData.fromString(text);
    }

    private static @Nullable TimestampData time(LogRecord record, @Nullable Event decoded) {
        if (decoded != null) {
            Timestamp time = decoded.time();
            return time == null ? null : TimestampData.fromInstant(time.instant());
        }
        Bytes text = record.header("ce_time");
        Instant instant = text == null ? null : EventTimes.instant(text);
        return instant == null ? null : TimestampData.fromInstant(instant);
    }

    static GenericMapData extensions(@Nullable Event decoded) {
        Map<Object, Object> extensions = new HashMap<>();
        if (decoded != null) {
            for (Map.Entry<String, AttributeValue> each : decoded.extensions().entrySet()) {
                extensions.put(
                        StringData.fromString(each.getKey()),
                        StringData.fromString(each.getValue().canonical()));
            }
        }
        return new GenericMapData(extensions);
    }
}
