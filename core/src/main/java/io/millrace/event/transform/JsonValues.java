package io.millrace.event.transform;

import com.dashjoin.jsonata.Jsonata;
import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// Between JSON text and the evaluator's values: maps, lists, strings, booleans, numbers.
/// Thread-safe.
final class JsonValues {
    /// Up to here doubles hold every integer.
    static final long SAFE_INTEGER_MAX = (1L << 53) - 1;

    static final int DEPTH_MAX = 256;

    private final JsonFactory factory =
            JsonFactory.builder()
                    .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// @return the value; JSON's `null` is [Jsonata#NULL_VALUE]
    /// @throws JacksonException if the text is not one JSON value, or nests too deep
    Object read(Bytes text) {
        try (JsonParser parser =
                factory.createParser(
                        ObjectReadContext.empty(),
                        text.backingArray(),
                        text.backingStart(),
                        text.length())) {
            Object value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new OutOfBounds("the data goes on after its end");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser, @Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Jsonata.NULL_VALUE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            case null -> throw new OutOfBounds("the data is empty, which is no JSON");
            case NOT_AVAILABLE, PROPERTY_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("the parser gave " + token);
        };
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    /// Small integers are the evaluator's own; whatever could change its digits keeps its text.
    private static Number number(String text) {
        boolean digits = text.length() <= 17;
        for (int i = text.charAt(0) == '-' ? 1 : 0; digits && i < text.length(); i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits || text.equals("-0")) {
            return new ExactNumber(text);
        }
        long value = Long.parseLong(text);
        if (value == (int) value) {
            return (int) value;
        }
        return Math.abs(value) <= SAFE_INTEGER_MAX ? (Number) value : new ExactNumber(text);
    }

    /// Writes a value that the evaluator gave.
    ///
    /// @throws OutOfBounds if it is too large or deep, or holds something that is no JSON
    static String write(@Nullable Object value, int sizeMax) {
        StringBuilder json = new StringBuilder();
        write(value, json, sizeMax, 0);
        return json.toString();
    }

    private static void write(@Nullable Object value, StringBuilder json, int sizeMax, int depth) {
        if (json.length() > sizeMax) {
            throw new OutOfBounds("the result is larger than %d characters".formatted(sizeMax));
        }
        if (depth > DEPTH_MAX) {
            throw new OutOfBounds("the result nests deeper than %d levels".formatted(DEPTH_MAX));
        }
        switch (value) {
            case null -> json.append("null");
            case String text -> string(text, json);
            case Boolean flag -> json.append((boolean) flag);
            case Number number -> json.append(number(number));
            case Map<?, ?> map -> {
                char separator = '{';
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    json.append(separator);
                    string(String.valueOf(member.getKey()), json);
                    json.append(':');
                    write(member.getValue(), json, sizeMax, depth + 1);
                    separator = ',';
                }
                json.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                char separator = '[';
                for (Object item : list) {
                    json.append(separator);
                    write(item, json, sizeMax, depth + 1);
                    separator = ',';
                }
                json.append(list.isEmpty() ? "[]" : "]");
            }
            default -> {
                if (!value.equals(Jsonata.NULL_VALUE)) {
                    throw new OutOfBounds("the result holds a function, which is no JSON");
                }
                json.append("null");
            }
        }
    }

    private static String number(Number number) {
        demandSafe(number);
        return number.toString();
    }

    /// Refuses a computed number that may not be what it should be.
    ///
    /// @throws OutOfBounds if the number lies where doubles do not hold every integer
    static void demandSafe(Number number) {
        if (!(number instanceof ExactNumber)
                && !(Math.abs(number.doubleValue()) <= SAFE_INTEGER_MAX)) {
            throw new OutOfBounds(
                    "the number %s is too large to be exact; beyond %d only text is"
                            .formatted(number, SAFE_INTEGER_MAX));
        }
    }

    /// With escapes for what must have them, and for lone surrogates, which UTF-8 cannot carry.
    private static void string(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                json.append(c).append(text.charAt(++i));
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
