package io.millrace.query.sink;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Rows of a result as JSON objects. Immutable; travels with operators.
public final class ResultRows implements Serializable {
    private static final long serialVersionUID = 1;

    private final RowType type;
    private transient RowData.FieldGetter @Nullable [] getters;

    public ResultRows(RowType type) {
        this.type = type;
    }

    public RowType type() {
        return type;
    }

    private RowData.FieldGetter[] getters() {
        RowData.FieldGetter[] known = getters;
        if (known == null) {
            List<RowData.FieldGetter> made = new ArrayList<>();
            for (int i = 0; i < type.getFieldCount(); i++) {
                made.add(RowData.createFieldGetter(type.getTypeAt(i), i));
            }
            known = made.toArray(RowData.FieldGetter[]::new);
            getters = known;
        }
        return known;
    }

    /// The whole row.
    public ObjectNode json(RowData row) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        RowData.FieldGetter[] each = getters();
        for (int i = 0; i < each.length; i++) {
            object.set(
                    type.getFieldNames().get(i),
                    json(each[i].getFieldOrNull(row), type.getTypeAt(i)));
        }
        return object;
    }

    /// One column as text; `null` if it has no value.
    public @Nullable String text(RowData row, int column) {
        JsonNode value = json(getters()[column].getFieldOrNull(row), type.getTypeAt(column));
        return value.isNull() ? null : value.isString() ? value.stringValue() : value.toString();
    }

    /// One column as a moment; `null` if it has no value or is none.
    public @Nullable Instant moment(RowData row, int column) {
        Object value = getters()[column].getFieldOrNull(row);
        return value instanceof TimestampData time ? time.toInstant() : null;
    }

    private static JsonNode json(@Nullable Object value, LogicalType type) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (value == null) {
            return make.nullNode();
        }
        return switch (type.getTypeRoot()) {
            case BOOLEAN -> make.booleanNode((Boolean) value);
            case TINYINT -> make.numberNode((Byte) value);
            case SMALLINT -> make.numberNode((Short) value);
            case INTEGER, INTERVAL_YEAR_MONTH -> make.numberNode((Integer) value);
            case BIGINT, INTERVAL_DAY_TIME -> make.numberNode((Long) value);
            case FLOAT -> number((Float) value);
            case DOUBLE -> number((Double) value);
            case DECIMAL -> make.numberNode(plain(((DecimalData) value).toBigDecimal()));
            case DATE -> make.stringNode(LocalDate.ofEpochDay((Integer) value).toString());
            case TIME_WITHOUT_TIME_ZONE ->
                    make.stringNode(LocalTime.ofNanoOfDay((Integer) value * 1_000_000L).toString());
            case TIMESTAMP_WITHOUT_TIME_ZONE ->
                    make.stringNode(
                            // With seconds always, unlike its own text.
                            DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                                    ((TimestampData) value).toLocalDateTime()));
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_WITH_TIME_ZONE ->
                    make.stringNode(((TimestampData) value).toInstant().toString());
            case BINARY, VARBINARY -> make.binaryNode((byte[]) value);
            case ARRAY -> array((ArrayData) value, ((ArrayType) type).getElementType());
            case MAP -> map((MapData) value, (MapType) type);
            case ROW -> new ResultRows((RowType) type).json((RowData) value);
            default -> make.stringNode(value.toString());
        };
    }

    /// JSON has no NaN and no infinity.
    private static JsonNode number(double value) {
        return Double.isFinite(value)
                ? JsonNodeFactory.instance.numberNode(value)
                : JsonNodeFactory.instance.stringNode(Double.toString(value));
    }

    private static JsonNode number(float value) {
        return Float.isFinite(value)
                ? JsonNodeFactory.instance.numberNode(value)
                : JsonNodeFactory.instance.stringNode(Float.toString(value));
    }

    private static BigDecimal plain(BigDecimal value) {
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static ArrayNode array(ArrayData values, LogicalType type) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        ArrayData.ElementGetter getter = ArrayData.createElementGetter(type);
        for (int i = 0; i < values.size(); i++) {
            array.add(json(getter.getElementOrNull(values, i), type));
        }
        return array;
    }

    private static ObjectNode map(MapData values, MapType type) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ArrayData.ElementGetter keys = ArrayData.createElementGetter(type.getKeyType());
        ArrayData.ElementGetter items = ArrayData.createElementGetter(type.getValueType());
        for (int i = 0; i < values.size(); i++) {
            object.set(
                    String.valueOf(keys.getElementOrNull(values.keyArray(), i)),
                    json(items.getElementOrNull(values.valueArray(), i), type.getValueType()));
        }
        return object;
    }
}
