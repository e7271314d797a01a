package io.millrace.event.filter;

import io.millrace.event.AttributeValue;
import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Filters as their description reads, on the document itself, without any preparation.
final class NaiveFilters {
    private final Event event;
    private final @Nullable JsonNode data;

    /// @param data the event's data, `null` if it has none that is JSON
    NaiveFilters(Event event, @Nullable JsonNode data) {
        this.event = event;
        this.data = data;
    }

    boolean matches(JsonNode filter) {
        Map.Entry<String, JsonNode> only = filter.properties().iterator().next();
        JsonNode body = only.getValue();
        return switch (only.getKey()) {
            case "all" -> elements(body).allMatch(this::matches);
            case "any" -> elements(body).anyMatch(this::matches);
            case "not" -> !matches(body);
            case "sql" -> sql(body.stringValue());
            case "data" ->
                    body.properties().stream().allMatch(e -> field(e.getKey(), e.getValue()));
            default ->
                    body.properties().stream()
                            .allMatch(e -> text(only.getKey(), e.getKey(), e.getValue()));
        };
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private boolean text(String dialect, String attribute, JsonNode expected) {
        AttributeValue value = event.attribute(attribute);
        return value != null
                && part(
                        dialect.equals("exact") ? "equals" : dialect,
                        value.canonical(),
                        expected.stringValue());
    }

    private static boolean part(String operator, String whole, String text) {
        return switch (operator) {
            case "prefix" -> whole.matches("(?s)" + Pattern.quote(text) + ".*");
            case "suffix" -> whole.matches("(?s).*" + Pattern.quote(text));
            case "contains" -> whole.indexOf(text) >= 0;
            default -> whole.equals(text);
        };
    }

    /// Only `EXISTS a` and `a = 'b'`, joined by one operator.
    private boolean sql(String expression) {
        String[] words = expression.split(" (AND|OR) ", -1);
        boolean and = expression.contains(" AND ");
        for (String word : words) {
            boolean exists = word.startsWith("EXISTS ");
            String name = exists ? word.substring(7) : word.substring(0, word.indexOf(' '));
            AttributeValue value = event.attribute(name);
            boolean missing = !exists && value == null;
            boolean holds =
                    value != null
                            && (exists || word.equals(name + " = '" + value.canonical() + "'"));
            if (missing || holds != and) {
                return !missing && !and;
            }
        }
        return and;
    }

    private boolean field(String path, JsonNode condition) {
        List<JsonNode> ends = new ArrayList<>();
        if (data != null) {
            collect(data, List.of(path.split("\\.", -1)), ends);
        }
        List<JsonNode> values = new ArrayList<>();
        ends.forEach(end -> flatten(end, values));
        if (!condition.isObject()) {
            String operator = condition.isArray() ? "in" : "equals";
            return values.stream().anyMatch(value -> test(operator, condition, value));
        }
        if (condition.has("exists") && !condition.get("exists").booleanValue()) {
            return ends.isEmpty();
        }
        if (values.isEmpty()) {
            return condition.properties().stream()
                    .allMatch(e ->
                            e.getKey().equals("anything-but")
                                    || (e.getKey().equals("exists") && !ends.isEmpty()));
        }
        return values.stream()
                .anyMatch(value ->
                        condition.properties().stream()
                                .allMatch(e -> test(e.getKey(), e.getValue(), value)));
    }

    private static void collect(JsonNode node, List<String> names, List<JsonNode> ends) {
        if (names.isEmpty()) {
            ends.add(node);
        } else if (node.isObject() && node.has(names.getFirst())) {
            collect(node.get(names.getFirst()), names.subList(1, names.size()), ends);
        } else if (node.isArray() && names.getFirst().matches("[0-9]")) {
            int index = Integer.parseInt(names.getFirst());
            if (node.has(index)) {
                collect(node.get(index), names.subList(1, names.size()), ends);
            }
        } else if (node.isArray()) {
            node.forEach(element -> collect(element, names, ends));
        }
    }

    private static void flatten(JsonNode node, List<JsonNode> values) {
        if (node.isArray()) {
            node.forEach(element -> flatten(element, values));
        } else {
            values.add(node);
        }
    }

    private static boolean test(String operator, JsonNode operand, JsonNode value) {
        return switch (operator) {
            case "equals" -> equal(operand, value);
            case "in" -> elements(operand).anyMatch(each -> equal(each, value));
            case "anything-but" ->
                    operand.isArray()
                            ? elements(operand).noneMatch(each -> equal(each, value))
                            : !equal(operand, value);
            case "above" -> value.isNumber() && order(value, operand) > 0;
            case "at-least" -> value.isNumber() && order(value, operand) >= 0;
            case "below" -> value.isNumber() && order(value, operand) < 0;
            case "at-most" -> value.isNumber() && order(value, operand) <= 0;
            case "exists" -> true;
            default ->
                    value.isString() && part(operator, value.stringValue(), operand.stringValue());
        };
    }

    private static int order(JsonNode a, JsonNode b) {
        return a.decimalValue().compareTo(b.decimalValue());
    }

    private static boolean equal(JsonNode a, JsonNode b) {
        return (a.isNumber() && b.isNumber()) ? order(a, b) == 0 : a.equals(b);
    }
}
