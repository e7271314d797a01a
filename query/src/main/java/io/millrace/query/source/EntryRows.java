package io.millrace.query.source;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.event.format.JsonFormat;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewOrigin;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/// Makes rows of what a view holds now. Used by one thread.
final class EntryRows {
    private final List<SourceColumn> columns;
    private final JsonFields fields;
    private final JsonFormat format = new JsonFormat();
    private final boolean wantsEvent;
    private @Nullable String problem;

    EntryRows(List<SourceColumn> columns) {
        this.columns = columns;
        this.fields = new JsonFields(columns);
        this.wantsEvent =
                columns.stream().anyMatch(column -> column.kind() != SourceColumn.Kind.VIEW_KEY);
    }

    /// Why the last entry gave no row; `null` if it did.
    @Nullable String problem() {
        return problem;
    }

    /// @return `null` if the entry's data does not fit the columns
    @Nullable GenericRowData row(ViewEntry entry) {
        GenericRowData row = new GenericRowData(columns.size());
        ViewOrigin origin = entry.origin();
        Event event = origin == null || !wantsEvent ? null : format.read(entry.value());
        for (int i = 0; i < columns.size(); i++) {
            row.setField(i, value(columns.get(i).kind(), entry, origin, event));
        }
        Bytes data = event == null ? entry.value() : event.data();
        problem = fields.isEmpty() ? null : fields.fill(row, data);
        return problem == null ? row : null;
    }

    private static @Nullable Object value(
            SourceColumn.Kind kind,
            ViewEntry entry,
            @Nullable ViewOrigin origin,
            @Nullable Event event) {
        return switch (kind) {
            case VIEW_KEY -> StringData.fromString(entry.key());
            case UPDATED, RECORDED_AT -> TimestampData.fromEpochMillis(entry.updatedMillis());
            case CONTEXT -> origin == null ? null : StringData.fromString(origin.context());
            case STREAM -> origin == null ? null : StringData.fromString(origin.stream());
            case PARTITION -> origin == null ? null : origin.partition();
            case OFFSET -> origin == null ? null : origin.offset();
            case TIME, EVENT_TIME -> time(kind, entry, event);
            case DATA -> RecordRows.text(origin == null ? entry.value() : data(event));
            case EXTENSIONS -> RecordRows.extensions(event);
            case ID, SOURCE, TYPE, SUBJECT, DATASCHEMA, DATACONTENTTYPE, PARTITIONKEY ->
                    event == null ? null : RecordRows.attribute(kind, event);
            case FIELD -> null;
        };
    }

    private static @Nullable Bytes data(@Nullable Event event) {
        return event == null ? null : event.data();
    }

    private static @Nullable TimestampData time(
            SourceColumn.Kind kind, ViewEntry entry, @Nullable Event event) {
        Timestamp time = event == null ? null : event.time();
        if (kind == SourceColumn.Kind.TIME) {
            return time == null ? null : TimestampData.fromInstant(time.instant());
        }
        return TimestampData.fromEpochMillis(
                time == null ? entry.updatedMillis() : time.instant().toEpochMilli());
    }
}
