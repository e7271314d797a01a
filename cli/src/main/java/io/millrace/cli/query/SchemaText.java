package io.millrace.cli.query;

import io.millrace.cli.text.Json;
import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What was learned of an input, as it stands in documents.
public final class SchemaText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern PLAIN_TYPE = Pattern.compile("[A-Z][A-Za-z0-9_ (),<>]*");

    /// Words that YAML takes for something else than text.
    private static final List<String> WORDS =
            List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private SchemaText() {}

    /// A name for the events of a pattern or stream: its last part that is a word.
    public static String name(String pattern) {
        String[] segments = pattern.split("/", -1);
        for (int i = segments.length - 1; i >= 0; i--) {
            String word = segments[i].replaceAll("[^A-Za-z0-9_]+", "_");
            if (PLAIN.matcher(word).matches() && !word.equals("_")) {
                return word;
            }
        }
        return "input";
    }

    /// What there is to know besides the types.
    public static String remark(JsonNode answer) {
        StringJoiner optional = new StringJoiner(", ");
        answer.path("optional").forEach(field -> optional.add(Visible.of(field.asString(""))));
        String samples = Quantity.count(answer.path("samples").asLong(0));
        return optional.length() == 0
                ? "learned from %s events".formatted(samples)
                : "learned from %s events, not all of which have %s".formatted(samples, optional);
    }

    /// The inputs as lines of YAML.
    public static List<String> yaml(JsonNode inputs, Json json) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, JsonNode> input : inputs.properties()) {
            lines.add(key(input.getKey(), json) + ":");
            for (Map.Entry<String, JsonNode> field : input.getValue().properties()) {
                if (!field.getKey().equals("schema")) {
                    lines.add("  %s: %s".formatted(field.getKey(), json.write(field.getValue())));
                    continue;
                }
                lines.add("  schema:" + (field.getValue().isEmpty() ? " {}" : ""));
                for (Map.Entry<String, JsonNode> column : field.getValue().properties()) {
                    String type = column.getValue().asString("");
                    boolean plain = PLAIN_TYPE.matcher(type).matches() && !isWord(type);
                    lines.add(
                            "    %s: %s"
                                    .formatted(
                                            key(column.getKey(), json),
                                            plain ? type : json.quote(type)));
                }
            }
        }
        return lines;
    }

    private static String key(String name, Json json) {
        return PLAIN.matcher(name).matches() && !isWord(name) ? name : json.quote(name);
    }

    private static boolean isWord(String text) {
        return WORDS.contains(text.toLowerCase(Locale.ROOT));
    }
}
