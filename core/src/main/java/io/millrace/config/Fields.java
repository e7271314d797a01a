package io.millrace.config;

import io.millrace.event.Quoted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the fields of one object with their types, and collects what is wrong instead of stopping.
///
/// Every getter gives `null` for a field that is absent, `null`, or wrong; what is wrong has been
/// reported then. [#end] reports the keys that nobody asked for. Owned by one thread.
public final class Fields {
    private final ObjectNode node;
    private final String path;
    private final ProblemCollector problems;
    private final Set<String> known = new LinkedHashSet<>();

    /// @param path of the object itself, empty for the document
    public Fields(ObjectNode node, String path, ProblemCollector problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /// All keys that are there, in their order, as known ones: for an object whose keys are names.
    public List<String> keys() {
        List<String> keys = List.copyOf(node.propertyNames());
        known.addAll(keys);
        return keys;
    }

    /// Whether the key is there with a value other than `null`.
    public boolean has(String key) {
        return value(key) != null;
    }

    /// Whether the key has exactly this word as its value.
    public boolean is(String key, String word) {
        JsonNode value = value(key);
        return value != null && value.isString() && value.stringValue().equals(word);
    }

    public @Nullable String string(String key) {
        JsonNode value = value(key);
        if (value == null || value.isString()) {
            return value == null ? null : value.stringValue();
        }
        String hint = value.isContainer() ? "" : "; put it in quotes";
        wrong(key, "must be text" + hint);
        return null;
    }

    public @Nullable Boolean bool(String key) {
        JsonNode value = value(key);
        if (value == null || value.isBoolean()) {
            return value == null ? null : value.booleanValue();
        }
        wrong(key, "must be true or false");
        return null;
    }

    /// @param min the smallest value that is accepted
    /// @param max the largest
    public @Nullable Long integer(String key, long min, long max) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        boolean fits = value.isInt() || value.isLong();
        if (fits && value.longValue() >= min && value.longValue() <= max) {
            return value.longValue();
        }
        wrong(
                key,
                max == Long.MAX_VALUE
                        ? "must be a whole number of at least %d".formatted(min)
                        : "must be a whole number from %d to %d".formatted(min, max));
        return null;
    }

    /// A duration with its unit, see [Durations].
    public @Nullable Duration duration(String key) {
        return parsed(key, Durations::parse);
    }

    /// What is written for the key, for messages.
    String text(String key) {
        JsonNode value = value(key);
        return value == null ? "nothing" : shown(value);
    }

    /// A number of bytes with its unit.
    public @Nullable ByteSize size(String key) {
        return parsed(key, ByteSize::parse);
    }

    /// A text that `parser` understands; its IllegalArgumentException's message is reported.
    public <T> @Nullable T parsed(String key, Function<String, T> parser) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        // A bare number is text here: the parser's message tells what is missing.
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String was = value.isContainer() ? "" : ", but is \"%s\"".formatted(shown(value));
            wrong(key, e.getMessage() + was);
            return null;
        }
    }

    /// One of the constants of an enum, written in lower case with `-` for `_`.
    public <E extends Enum<E>> @Nullable E oneOf(String key, Class<E> type) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (value.isString() && value.stringValue().equals(word(constant))) {
                return constant;
            }
            words.add(word(constant));
        }
        String closest = Suggestions.closest(shown(value), words);
        wrong(
                key,
                "must be one of %s, but is \"%s\"%s"
                        .formatted(
                                String.join(", ", words),
                                shown(value),
                                closest == null ? "" : "; did you mean \"" + closest + "\"?"));
        return null;
    }

    /// The word that stands for a constant in documents.
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The object below the key; an empty one if it is absent.
    public Fields object(String key) {
        JsonNode value = value(key);
        if (value != null && !value.isObject()) {
            wrong(key, "must have keys and values of its own");
        }
        ObjectNode object =
                value instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
        return new Fields(object, path(key), problems);
    }

    /// The list of objects below the key; empty if it is absent.
    public List<Fields> objects(String key) {
        List<Fields> objects = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(key)) {
            String itemPath = path(key) + "[" + index++ + "]";
            if (item instanceof ObjectNode object) {
                objects.add(new Fields(object, itemPath, problems));
            } else {
                problems.add(itemPath, "must have keys and values of its own");
            }
        }
        return objects;
    }

    /// The list of texts below the key; empty if it is absent.
    public List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(key)) {
            if (item.isString()) {
                strings.add(item.stringValue());
            } else {
                problems.add(path(key) + "[" + index + "]", "must be text");
            }
            index++;
        }
        return strings;
    }

    /// The texts below the key by their own keys, which may be any; empty if it is absent. Values
    /// are not quoted in problems, as they may be secrets.
    public Map<String, String> texts(String key) {
        JsonNode value = value(key);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (entry.getValue().isString()) {
                    texts.put(entry.getKey(), entry.getValue().stringValue());
                } else {
                    problems.add(
                            path(key) + "." + Quoted.shortened(entry.getKey()),
                            "must be text; put it in quotes");
                }
            }
        } else if (value != null) {
            wrong(key, "must have keys and values of its own");
        }
        return texts;
    }

    private Iterable<JsonNode> list(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            wrong(key, "must be a list");
            return List.of();
        }
        return value.values();
    }

    /// Reports every one of these keys that is absent.
    public void require(String... keys) {
        for (String key : keys) {
            if (!has(key)) {
                wrong(key, "is missing");
            }
        }
    }

    /// Reports a problem with a key.
    public void wrong(String key, String detail) {
        problems.add(path(key), detail);
    }

    /// Reports every key that was not asked for.
    public void end() {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                problems.add(
                        path(Quoted.shortened(key)),
                        "is not known" + Suggestions.sentence(key, known));
            }
        }
    }

    /// The path of a key, as it is reported.
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Where problems are collected.
    public ProblemCollector problems() {
        return problems;
    }

    private @Nullable JsonNode value(String key) {
        known.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private static String shown(JsonNode value) {
        return Quoted.shortened(value.isString() ? value.stringValue() : value.toString());
    }
}
