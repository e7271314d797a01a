package io.millrace.resource;

import io.millrace.event.Context;
import io.millrace.event.filter.EventView;
import io.millrace.event.filter.cesql.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the key of a view is made: text with places in braces, such as `{context}` or
/// `{data.shop}/{data.sku}`.
///
/// In a view that a stream feeds, a place is `context`, `segment.NAME` for the segment that follows
/// NAME in the context, `data.a.b` for a member of JSON data, or else an attribute of the event. In
/// one that a query feeds, it is a column of its rows. Immutable.
public final class KeyTemplate {
    public static final int TEXT_MAX = 1_024;

    private static final String SEGMENT = "segment.";
    private static final String DATA = "data.";

    private final String text;

    /// Literals and places by turns, a literal first.
    private final List<String> parts;

    private KeyTemplate(String text, List<String> parts) {
        this.text = text;
        this.parts = parts;
    }

    /// @throws IllegalArgumentException whose message says what is wrong
    public static KeyTemplate parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw new IllegalArgumentException("is longer than %d characters".formatted(TEXT_MAX));
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("has a { without its }");
            }
            String place = text.substring(open + 1, close);
            if (place.isBlank() || place.contains("{") || place.endsWith(".")) {
                throw new IllegalArgumentException(
                        "has the place {%s}, which names nothing".formatted(place));
            }
            parts.add(text.substring(from, open));
            parts.add(place);
            from = close + 1;
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "must have a place in braces such as {context}, {subject} or {data.sku}");
        }
        parts.add(text.substring(from));
        return new KeyTemplate(text, List.copyOf(parts));
    }

    /// The names in braces, in their order.
    public List<String> places() {
        List<String> places = new ArrayList<>();
        for (int i = 1; i < parts.size(); i += 2) {
            places.add(parts.get(i));
        }
        return places;
    }

    /// Fills the places.
    ///
    /// @param values `null` for what is not there
    /// @return `null` if something is not there
    public @Nullable String fill(Function<String, @Nullable String> values) {
        StringBuilder key = new StringBuilder(64).append(parts.getFirst());
        for (int i = 1; i < parts.size(); i += 2) {
            String value = values.apply(parts.get(i));
            if (value == null) {
                return null;
            }
            key.append(value).append(parts.get(i + 1));
        }
        return key.toString();
    }

    /// The key of an event; `null` if it lacks a part of it.
    public @Nullable String of(Context context, EventView event) {
        return fill(place -> part(place, context, event));
    }

    private static @Nullable String part(String place, Context context, EventView event) {
        if (place.equals("context")) {
            return context.path();
        }
        if (place.startsWith(SEGMENT)) {
            return segment(context, place.substring(SEGMENT.length()));
        }
        if (place.startsWith(DATA)) {
            return member(event.data(), place.substring(DATA.length()));
        }
        return Attributes.text(event.event(), place);
    }

    private static @Nullable String segment(Context context, String name) {
        List<String> segments = context.segments();
        int at = segments.indexOf(name);
        return at < 0 || at + 1 >= segments.size() ? null : segments.get(at + 1);
    }

    /// A text, number or flag of an object; `null` stands for its absence.
    ///
    /// @param path names with dots between them
    public static @Nullable String member(@Nullable JsonNode root, String path) {
        JsonNode node = root;
        for (String name : path.split("\\.", -1)) {
            node = node == null || !node.isObject() ? null : node.get(name);
        }
        return node == null || node.isNull() || node.isContainer() ? null : node.asString();
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyTemplate that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
