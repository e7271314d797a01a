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

    private EventColumns() {}

    private static SourceColumn envelope(Kind kind, String name, DataType type) {
        return new SourceColumn(kind, name, "", type.getLogicalType());
    }

    /// @param fields types of the data's fields by their names, in their order
    public static List<SourceColumn> of(Map<String, LogicalType> fields) {
        List<SourceColumn> columns = new ArrayList<>(ENVELOPE);
        Set<String> taken = new LinkedHashSet<>();
        ENVELOPE.forEach(column -> taken.add(column.name()));
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
