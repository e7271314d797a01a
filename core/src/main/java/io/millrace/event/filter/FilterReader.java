package io.millrace.event.filter;

import io.millrace.event.Quoted;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.cesql.CesqlExpression;
import io.millrace.event.filter.cesql.CesqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the filters of a document and reports everything that is wrong with them, each problem
/// with its path, such as `filters[0].all[1].prefix.type`.
///
/// Bounded: [#DEPTH_MAX] levels of filters, [#CLAUSES_MAX] clauses in all, [#TEXT_MAX] characters
/// in an expected text. A reader is for one document and belongs to one thread.
public final class FilterReader {
    /// How deep `all`, `any` and `not` nest.
    public static final int DEPTH_MAX = 16;

    /// How many filters, attributes, fields, operators and constants there may be together.
    public static final int CLAUSES_MAX = 1_000;

    /// How many characters an expected text or a path may have.
    public static final int TEXT_MAX = 4_096;

    private static final String DIALECTS = "exact, prefix, suffix, all, any, not, sql, data";
    private static final int NAME_MAX = 128;

    private final ReaderProblems problems;

    /// @param problems receives path and sentence of everything that is wrong
    public FilterReader(BiConsumer<String, String> problems) {
        this.problems = new ReaderProblems(problems);
    }

    /// Reads a list of filters.
    ///
    /// @param path of the list, such as `filters`
    /// @return `null` if something is wrong, which has been reported then
    public @Nullable Filters read(JsonNode list, String path) {
        List<Filter> filters = filters(list, path, 1);
        return problems.any() ? null : new Filters(filters);
    }

    private List<Filter> filters(JsonNode list, String path, int depth) {
        List<Filter> filters = new ArrayList<>();
        if (!(list instanceof ArrayNode array)) {
            problems.add(path, "must be a list of filters");
            return filters;
        }
        for (int i = 0; i < array.size() && problems.mayGoOn(); i++) {
            Filter filter = filter(array.get(i), path + "[" + i + "]", depth);
            if (filter != null) {
                filters.add(filter);
            }
        }
        return filters;
    }

    private @Nullable Filter filter(JsonNode node, String path, int depth) {
        problems.count(path);
        if (depth > DEPTH_MAX) {
            problems.add(path, "filters nest at most %d levels deep".formatted(DEPTH_MAX));
            return null;
        }
        if (!(node instanceof ObjectNode object) || object.size() != 1) {
            problems.add(
                    path,
                    "must have exactly one key, one of "
                            + DIALECTS
                            + "; put several filters into all");
            return null;
        }
        String dialect = object.propertyNames().iterator().next();
        JsonNode body = object.get(dialect);
        String inner = path + "." + Quoted.shortened(dialect);
        return switch (dialect) {
            case "exact" -> attributes(Comparison.EXACT, body, inner);
            case "prefix" -> attributes(Comparison.PREFIX, body, inner);
            case "suffix" -> attributes(Comparison.SUFFIX, body, inner);
            case "all" -> new AllFilter(several(body, inner, depth));
            case "any" -> new AnyFilter(several(body, inner, depth));
            case "not" -> {
                Filter filter = filter(body, inner, depth + 1);
                yield filter == null ? null : new NotFilter(filter);
            }
            case "sql" -> sql(body, inner);
            case "data" -> new DataReader(problems).read(body, inner);
            default -> {
                problems.add(inner, "is no dialect; there are " + DIALECTS);
                yield null;
            }
        };
    }

    private List<Filter> several(JsonNode body, String path, int depth) {
        if (body.isArray() && body.isEmpty()) {
            problems.add(path, "must have at least one filter");
        }
        return filters(body, path, depth + 1);
    }

    private @Nullable Filter attributes(Comparison comparison, JsonNode body, String path) {
        if (!(body instanceof ObjectNode object) || object.isEmpty()) {
            problems.add(path, "must have attributes and their texts, such as type: com.example.a");
            return null;
        }
        List<Expectation> expectations = new ArrayList<>();
        for (String name : object.propertyNames()) {
            String inner = path + "." + Quoted.shortened(name);
            problems.count(inner);
            if (!isAttribute(name)) {
                problems.add(inner, notAnAttribute(name));
                continue;
            }
            String text = problems.text(object.get(name), inner);
            if (text != null) {
                expectations.add(new Expectation(name, text));
            }
        }
        return new AttributeFilter(comparison, expectations);
    }

    private static String notAnAttribute(String name) {
        return name.equals("data")
                ? "is no attribute; for fields of JSON data use the dialect data"
                : "is no attribute: names have 1 to %d of a-z and 0-9".formatted(NAME_MAX);
    }

    private static boolean isAttribute(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= NAME_MAX && !name.equals("data");
    }

    private @Nullable Filter sql(JsonNode body, String path) {
        if (!body.isString()) {
            problems.add(path, "must be a CESQL expression, such as \"type = 'com.example.a'\"");
            return null;
        }
        try {
            CesqlExpression expression = CesqlExpression.parse(body.stringValue());
            for (String unknown : expression.unknownFunctions()) {
                problems.add(path, "there is no function " + Quoted.shortened(unknown));
            }
            return new SqlFilter(expression);
        } catch (CesqlSyntaxException e) {
            problems.add(path, e.getMessage());
            return null;
        }
    }
}
