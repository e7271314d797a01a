package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.event.filter.FilterReader;
import io.millrace.event.filter.Filters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which events a subscription wants, as its document says: those that fit all of this.
///
/// @param stream the only one whose events are wanted; `null` for all that the pattern reaches
/// @param types exact, or a prefix if it ends in `*`; one of them must fit; empty for any
/// @param source exact; `null` for any
public record Selection(
        ContextPattern pattern,
        @Nullable String stream,
        List<String> types,
        @Nullable String source,
        Filters filters) {
    public static final int TYPES_MAX = 1_000;

    public Selection {
        types = List.copyOf(types);
    }

    /// @param tree the document of the fields
    /// @return `null` if something is wrong, which has been reported then
    static @Nullable Selection read(Fields fields, ObjectNode tree) {
        ProblemCollector problems = fields.problems();
        int before = problems.size();
        fields.require("pattern");
        ContextPattern pattern = pattern(fields);
        String stream = ResourceFields.name(fields, "stream");
        List<String> types = types(fields);
        String source = fields.string("source");
        if (source != null && source.isEmpty()) {
            fields.wrong("source", "must not be empty; leave it out for any source");
        }
        Filters filters = Filters.NONE;
        if (fields.has("filters")) {
            Filters read =
                    new FilterReader(problems::add)
                            .read(tree.get("filters"), fields.path("filters"));
            filters = read == null ? Filters.NONE : read;
        }
        return pattern == null || problems.size() > before
                ? null
                : new Selection(pattern, stream, types, source, filters);
    }

    static @Nullable ContextPattern pattern(Fields fields) {
        String text = fields.string("pattern");
        if (text == null) {
            return null;
        }
        try {
            return ContextPattern.of(text);
        } catch (MillraceException e) {
            ResourceFields.wrong(fields, "pattern", e);
            return null;
        }
    }

    static List<String> types(Fields fields) {
        List<String> types = fields.strings("types");
        if (types.size() > TYPES_MAX) {
            fields.wrong("types", "must have at most %d types".formatted(TYPES_MAX));
            return List.of();
        }
        for (int i = 0; i < types.size(); i++) {
            String type = types.get(i);
            int star = type.indexOf('*');
            if (type.isBlank() || (star >= 0 && star < type.length() - 1)) {
                fields.wrong(
                        "types[%d]".formatted(i),
                        "must be a type such as com.example.alarm, or the beginning of types such as"
                                + " com.example.*");
            }
        }
        return types;
    }

    /// Whether events of a stream may be among them, as far as its name says.
    public boolean allows(String name) {
        return stream == null || stream.equals(name);
    }

    void writeTo(ObjectNode document) {
        document.put("pattern", pattern.toString());
        if (stream != null) {
            document.put("stream", stream);
        }
        ArrayNode list = document.putArray("types");
        types.forEach(list::add);
        if (source != null) {
            document.put("source", source);
        }
        document.set("filters", filters.toJson());
    }
}
