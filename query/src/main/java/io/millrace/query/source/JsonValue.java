package io.millrace.query.source;

import io.millrace.query.source.JsonFields.MisfitException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads one JSON value as a value of an SQL type. Stateless.
@FunctionalInterface
interface JsonValue {
    /// @param parser on the value's first token, which is not `null`; on its last afterwards
    Object read(JsonParser parser) throws MisfitException;

    /// Reads one value out of the middle of a text.
    JsonMapper TREES =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /// @throws IllegalArgumentException for a type that JSON has nothing for
    static JsonValue of(LogicalType type) {
        return switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> JsonValue::text;
            case BOOLEAN -> JsonValue::bool;
            case TINYINT -> parser -> (byte) integer(parser, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SMALLINT -> parser -> (short) integer(parser, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> parser -> (int) integer(parser, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> parser -> integer(parser, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> parser -> number(parser).getFloatValue();
            case DOUBLE -> parser -> number(parser).getDoubleValue();
            case DECIMAL -> parser -> decimal(parser, (DecimalType) type);
            case DATE -> parser -> parsed(parser, text -> (int) LocalDate.parse(text).toEpochDay());
            case TIME_WITHOUT_TIME_ZONE ->
                    parser ->
                            parsed(
                                    parser,
                                    text ->
                                            (int)
                                                    (LocalTime.parse(text).toNanoOfDay()
                                                            / 1_000_000));
            case TIMESTAMP_WITHOUT_TIME_ZONE ->
                    parser ->
                            parsed(
                                    parser,
                                    text ->
                                            TimestampData.fromLocalDateTime(
                                                    LocalDateTime.parse(text.replace(' ', 'T'))));
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> JsonValue::moment;
            case BINARY, VARBINARY ->
                    parser -> parsed(parser, text -> Base64.getDecoder().decode(text));
            case ARRAY -> parser -> array(tree(parser), (ArrayType) type);
            case MAP -> parser -> map(tree(parser), (MapType) type);
            case ROW -> parser -> row(tree(parser), (RowType) type);
            default ->
                    throw new IllegalArgumentException(
                            "data has no values of the type " + type.asSummaryString());
        };
    }

    private static Object text(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT, START_ARRAY -> StringData.fromString(tree(parser).toString());
            default -> StringData.fromString(parser.getString());
        };
    }

    private static Object bool(JsonParser parser) throws MisfitException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw misfit(parser);
        };
    }

    private static long integer(JsonParser parser, long min, long max) throws MisfitException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (value >= min && value <= max) {
                return value;
            }
        } else if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = parser.getDoubleValue();
            if (value == Math.rint(value)
                    && value >= min
                    && value <= max
                    && Math.abs(value) < 1e15) {
                return (long) value;
            }
        }
        throw misfit(parser);
    }

    private static JsonParser number(JsonParser parser) throws MisfitException {
        if (!parser.currentToken().isNumeric()) {
            throw misfit(parser);
        }
        return parser;
    }

    private static Object decimal(JsonParser parser, DecimalType type) throws MisfitException {
        BigDecimal value;
        try {
            // Amounts are often texts, so that nobody rounds them.
            value =
                    parser.currentToken() == JsonToken.VALUE_STRING
                            ? new BigDecimal(parser.getString())
                            : number(parser).getDecimalValue();
        } catch (NumberFormatException _) {
            throw misfit(parser);
        }
        DecimalData decimal =
                DecimalData.fromBigDecimal(value, type.getPrecision(), type.getScale());
        if (decimal == null) {
            throw misfit(parser);
        }
        return decimal;
    }

    private static Object moment(JsonParser parser) throws MisfitException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return TimestampData.fromEpochMillis(parser.getLongValue());
        }
        return parsed(
                parser,
                text ->
                        TimestampData.fromInstant(
                                text.endsWith("Z")
                                        ? Instant.parse(text)
                                        : OffsetDateTime.parse(text).toInstant()));
    }

    /// A value that is written as text.
    @FunctionalInterface
    interface Parsing {
        Object parse(String text);
    }

    private static Object parsed(JsonParser parser, Parsing parsing) throws MisfitException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw misfit(parser);
        }
        try {
            return parsing.parse(parser.getString());
        } catch (DateTimeException | IllegalArgumentException _) {
            throw misfit(parser);
        }
    }

    private static JsonNode tree(JsonParser parser) {
        return TREES.readTree(parser);
    }

    private static MisfitException misfit(JsonParser parser) {
        String text = parser.getValueAsString();
        String shown = text == null ? parser.currentToken().name() : text;
        return new MisfitException(shown.length() > 60 ? shown.substring(0, 60) + "…" : shown);
    }

    private static @Nullable Object value(JsonNode node, LogicalType type) throws MisfitException {
        if (node.isNull() || node.isMissingNode()) {
            return null;
        }
        try (JsonParser parser = TREES.treeAsTokens(node)) {
            parser.nextToken();
            return of(type).read(parser);
        }
    }

    private static Object array(JsonNode node, ArrayType type) throws MisfitException {
        if (!node.isArray()) {
            throw new MisfitException("no array");
        }
        @Nullable Object[] values = new @Nullable Object[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(node.get(i), type.getElementType());
        }
        return new GenericArrayData(values);
    }

    private static Object map(JsonNode node, MapType type) throws MisfitException {
        if (!node.isObject()) {
            throw new MisfitException("no object");
        }
        Map<Object, @Nullable Object> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            values.put(
                    StringData.fromString(each.getKey()),
                    value(each.getValue(), type.getValueType()));
        }
        return new GenericMapData(values);
    }

    private static Object row(JsonNode node, RowType type) throws MisfitException {
        if (!node.isObject()) {
            throw new MisfitException("no object");
        }
        List<RowType.RowField> fields = type.getFields();
        GenericRowData row = new GenericRowData(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            JsonNode field = node.get(fields.get(i).getName());
            row.setField(i, field == null ? null : value(field, fields.get(i).getType()));
        }
        return row;
    }
}
