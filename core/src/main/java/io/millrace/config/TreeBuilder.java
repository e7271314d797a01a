package io.millrace.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Quoted;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Builds trees from a parser's tokens within bounds.
final class TreeBuilder {
    private static final int DEPTH_MAX = 32;
    private static final int NODES_MAX = 100_000;

    private final JsonParser parser;
    private final ErrorCode code;
    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final @Nullable Map<String, Integer> lines;
    private int depth;
    private int count;

    /// @param lines if given, receives the line of each key
    TreeBuilder(JsonParser parser, ErrorCode code, @Nullable Map<String, Integer> lines) {
        this.lines = lines;
        this.parser = parser;
        this.code = code;
    }

    /// The object that begins at the parser's token; afterwards the parser is at its end.
    ObjectNode object() {
        return object("");
    }

    /// @param path of the object, kept only where lines are wanted
    private ObjectNode object(String path) {
        enter();
        ObjectNode object = nodes.objectNode();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_OBJECT;
                token = parser.nextToken()) {
            String name = parser.currentName();
            if (object.has(name)) {
                throw wrong("the key \"%s\" appears twice".formatted(Quoted.shortened(name)));
            }
            String key = noted(path, name);
            object.set(name, value(parser.nextToken(), key));
        }
        depth--;
        return object;
    }

    /// The path of the key that the parser is at; its line is noted.
    private String noted(String path, String name) {
        if (lines == null) {
            return "";
        }
        String key = path.isEmpty() ? name : path + "." + name;
        lines.put(key, parser.currentTokenLocation().getLineNr());
        return key;
    }

    private ArrayNode array(String path) {
        enter();
        ArrayNode array = nodes.arrayNode();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            array.add(value(token, lines == null ? "" : path + "[" + array.size() + "]"));
        }
        depth--;
        return array;
    }

    private JsonNode value(JsonToken token, String path) {
        if (++count > NODES_MAX) {
            throw wrong("the document has more than %d values".formatted(NODES_MAX));
        }
        if (parser instanceof YAMLParser yaml
                && (yaml.isCurrentAlias() || yaml.getObjectId() != null)) {
            throw wrong("anchors (&) and aliases (*) are not supported; write the value out");
        }
        return switch (token) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT ->
                    parser.isNaN()
                            ? nodes.stringNode(parser.getString())
                            : nodes.numberNode(parser.getDecimalValue());
            case VALUE_STRING -> nodes.stringNode(parser.getString());
            case NOT_AVAILABLE, PROPERTY_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT ->
                    throw wrong("this kind of value is not supported");
        };
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                    nodes.numberNode(parser.getBigIntegerValue());
        };
    }

    private void enter() {
        if (++depth > DEPTH_MAX) {
            throw wrong("the document nests deeper than %d levels".formatted(DEPTH_MAX));
        }
    }

    /// A problem at the place where the parser is.
    MillraceException wrong(String detail) {
        TokenStreamLocation at = parser.currentLocation();
        return new MillraceException(
                code, "line %d, column %d: %s".formatted(at.getLineNr(), at.getColumnNr(), detail));
    }
}
