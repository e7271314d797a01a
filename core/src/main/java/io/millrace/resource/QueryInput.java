package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.event.ContextPattern;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A table that a query reads: the events of a context pattern, of a stream, or both; or a view.
///
/// @param pattern the contexts; `/**` if only a stream is named
/// @param stream the only stream that counts; `null` for all that the pattern reaches
/// @param types exact, or a prefix if it ends in `*`; empty for any
/// @param view whose content the table is; nothing else but the schema is said then. `null` for
///   events
/// @param schema SQL types of the data's fields by their names; `null` to learn them from samples
public record QueryInput(
        ContextPattern pattern,
        @Nullable String stream,
        List<String> types,
        @Nullable String view,
        @Nullable Map<String, String> schema) {
    private static final String ALL = "/**";

    static final int COLUMNS_MAX = 500;

    static final int NAME_LENGTH_MAX = 128;

    private static final int TYPE_LENGTH_MAX = 10_000;

    public QueryInput {
        types = List.copyOf(types);
        // The order of the fields is that of the columns.
        schema = schema == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(schema));
    }

    /// Whatever a pattern covers.
    public static QueryInput of(ContextPattern pattern) {
        return new QueryInput(pattern, null, List.of(), null, null);
    }

    /// All events of a stream.
    public static QueryInput ofStream(String stream) {
        return new QueryInput(ContextPattern.of(ALL), stream, List.of(), null, null);
    }

    /// What a view holds.
    public static QueryInput ofView(String view) {
        return new QueryInput(ContextPattern.of(ALL), null, List.of(), view, null);
    }

    /// @return `null` if something is wrong, which has been reported then
    public static @Nullable QueryInput read(Fields fields) {
        int before = fields.problems().size();
        String stream = ResourceFields.name(fields, "stream");
        String view = ResourceFields.name(fields, "view");
        ContextPattern pattern = Selection.pattern(fields);
        if (!fields.has("pattern")) {
            if (!fields.has("view") && !fields.has("stream")) {
                fields.wrong(
                        "pattern",
                        "is missing; an input needs a pattern, a stream, or both, or else a view");
            }
            pattern = ContextPattern.of(ALL);
        }
        List<String> types = Selection.types(fields);
        Map<String, String> schema = fields.has("schema") ? fields.texts("schema") : null;
        if (schema != null) {
            check(fields, schema);
        }
        if (fields.has("view")) {
            for (String other : List.of("pattern", "stream", "types")) {
                if (fields.has(other)) {
                    fields.wrong(other, "does not go with view, which says itself what it is of");
                }
            }
        }
        fields.end();
        return pattern == null || fields.problems().size() > before
                ? null
                : new QueryInput(pattern, stream, types, view, schema);
    }

    private static void check(Fields fields, Map<String, String> schema) {
        if (schema.size() > COLUMNS_MAX) {
            fields.wrong("schema", "must have at most %d fields".formatted(COLUMNS_MAX));
        }
        schema.forEach((name, type) -> {
            if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
                fields.wrong(
                        "schema",
                        "must have names of 1 to %d characters".formatted(NAME_LENGTH_MAX));
            } else if (type.isBlank() || type.length() > TYPE_LENGTH_MAX) {
                fields.wrong("schema." + name, "must be an SQL type such as DOUBLE");
            }
        });
    }

    void writeTo(ObjectNode document) {
        if (view != null) {
            document.put("view", view);
        } else {
            document.put("pattern", pattern.toString());
            if (stream != null) {
                document.put("stream", stream);
            }
            ArrayNode list = document.putArray("types");
            types.forEach(list::add);
        }
        if (schema != null) {
            ObjectNode fields = document.putObject("schema");
            schema.forEach(fields::put);
        }
    }
}
