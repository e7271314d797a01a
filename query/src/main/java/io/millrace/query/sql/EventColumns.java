package io.millrace.query.sql;

import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourceColumn.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.utils.TypeConversions;

/// The columns of every table of events: those of the envelope, then the fields of the data.
public final class EventColumns {
    /// The column that windows and joins go by.
    public static final String EVENT_TIME = "event_time";

    private static final List<SourceColumn> ENVELOPE =
            List.of(
                    envelope(Kind.CONTEXT, "context", DataTypes.STRING().notNull()),
                    envelope(Kind.ID, "id", DataTypes.STRING().notNull()),
                    envelope(Kind.SOURCE, "source", DataTypes.STRING().notNull()),
                    envelope(Kind.TYPE, "type", DataTypes.STRING().notNull()),
                    envelope(Kind.SUBJECT, "subject", DataTypes.STRING()),
                    envelope(Kind.TIME, "time", DataTypes.TIMESTAMP_LTZ(9)),
                    envelope(Kind.DATACONTENTTYPE, "datacontenttype", DataTypes.STRING()),
                    envelope(Kind.DATASCHEMA, "dataschema", DataTypes.STRING()),
                    envelope(Kind.PARTITIONKEY, "partitionkey", DataTypes.STRING()),
                    envelope(
                            Kind.EXTENSIONS,
                            "extensions",
                            DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING())),
                    envelope(Kind.DATA, "data", DataTypes.STRING()),
                    envelope(Kind.STREAM, "stream", DataTypes.STRING().notNull()),
                    envelope(Kind.PARTITION, "partition", DataTypes.INT().notNull()),
                    envelope(Kind.OFFSET, "offset", DataTypes.BIGINT().notNull()),
                    envelope(Kind.RECORDED_AT, "recorded_at", DataTypes.TIMESTAMP_LTZ(3).notNull()),
                    envelope(Kind.EVENT_TIME, EVENT_TIME, DataTypes.TIMESTAMP_LTZ(3).notNull()));

    /// The key of a view.
    static final String VIEW_KEY = "view_key";

    /// In a statement that names it, the moment at which an event is looked at; views are looked up
    /// by it.
    static final String PROC_TIME = "proc_time";

    private static final SourceColumn KEY =
            envelope(Kind.VIEW_KEY, VIEW_KEY, DataTypes.STRING().notNull());

    private EventColumns() {}

    private static SourceColumn envelope(Kind kind, String name, DataType type) {
        return new SourceColumn(kind, name, "", type.getLogicalType());
    }

    /// @param fields types of the data's fields by their names, in their order
    public static List<SourceColumn> of(Map<String, LogicalType> fields) {
        return with(ENVELOPE, fields);
    }

    /// Those of a view that is made of events.
    static List<SourceColumn> ofEventView(Map<String, LogicalType> fields) {
        List<SourceColumn> fixed = new ArrayList<>();
        fixed.add(KEY);
        fixed.addAll(ENVELOPE);
        return with(fixed, fields);
    }

    /// Those of a view that a query fills.
    static List<SourceColumn> ofRowView(Map<String, LogicalType> fields) {
        return with(
                List.of(
                        KEY,
                        envelope(Kind.UPDATED, "updated", DataTypes.TIMESTAMP_LTZ(3).notNull()),
                        envelope(Kind.DATA, "data", DataTypes.STRING())),
                fields);
    }

    private static List<SourceColumn> with(
            List<SourceColumn> fixed, Map<String, LogicalType> fields) {
        List<SourceColumn> columns = new ArrayList<>(fixed);
        Set<String> taken = new LinkedHashSet<>();
        fixed.forEach(column -> taken.add(column.name()));
        fields.forEach((field, type) -> {
            String name = taken.contains(field) ? "data_" + field : field;
            if (taken.add(name)) {
                columns.add(new SourceColumn(Kind.FIELD, name, field, type));
            }
        });
        return columns;
    }

    static DataType dataType(SourceColumn column) {
        return TypeConversions.fromLogicalToDataType(column.type());
    }
}
