package io.millrace.event.filter;

import io.millrace.event.Quoted;
import io.millrace.event.filter.DataTest.DataConstants;
import io.millrace.event.filter.DataTest.Range;
import io.millrace.event.filter.DataTest.Range.Side;
import io.millrace.event.filter.DataTest.TextPart;
import io.millrace.event.filter.DataTest.TextPart.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the dialect `data`. Owned by one thread.
final class DataReader {
    private static final String OPERATORS =
            "equals, in, anything-but, prefix, suffix, contains, above, at-least, below, at-most,"
                    + " exists";

    private final ReaderProblems problems;

    DataReader(ReaderProblems problems) {
        this.problems = problems;
    }

    /// @return `null` if nothing can be made of it, which has been reported then
    @Nullable Filter read(JsonNode body, String path) {
        if (!(body instanceof ObjectNode object) || object.isEmpty()) {
            problems.add(path, "must have fields and conditions, such as temperature: {above: 30}");
            return null;
        }
        List<DataFilter.Field> fields = new ArrayList<>();
        for (String name : object.propertyNames()) {
            String inner = path + "." + Quoted.shortened(name);
            problems.count(inner);
            DataPath field = path(name, inner);
            DataCondition condition = condition(object.get(name), inner);
            if (field != null && condition != null) {
                fields.add(new DataFilter.Field(field, condition));
            }
        }
        return new DataFilter(fields);
    }

    private @Nullable DataPath path(String name, String path) {
        if (name.length() > FilterReader.TEXT_MAX) {
            problems.add(path, "is longer than %d characters".formatted(FilterReader.TEXT_MAX));
            return null;
        }
        try {
            return DataPath.parse(name);
        } catch (IllegalArgumentException e) {
            problems.add(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// A constant alone stands for `equals`, a list for `in`.
    private @Nullable DataCondition condition(JsonNode node, String path) {
        List<DataTest> tests = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            if (object.isEmpty()) {
                problems.add(path, "must have at least one of " + OPERATORS);
            }
            for (String operator : object.propertyNames()) {
                String inner = path + "." + Quoted.shortened(operator);
                problems.count(inner);
                DataTest test = test(operator, object.get(operator), inner);
                if (test != null) {
                    tests.add(test);
                }
            }
        } else {
            DataTest test = node.isArray() ? in(node, path) : equalTo(node, path);
            if (test != null) {
                tests.add(test);
            }
        }
        checkTogether(tests, path);
        return tests.isEmpty() ? null : new DataCondition(tests);
    }

    private @Nullable DataTest test(String operator, JsonNode operand, String path) {
        return switch (operator) {
            case "equals" -> equalTo(operand, path);
            case "in" -> in(operand, path);
            case "anything-but" -> {
                DataConstants constants = constants(operand, path);
                yield constants == null ? null : new DataTest.AnythingBut(constants);
            }
            case "prefix" -> textPart(Place.PREFIX, operand, path);
            case "suffix" -> textPart(Place.SUFFIX, operand, path);
            case "contains" -> textPart(Place.CONTAINS, operand, path);
            case "above" -> range(Side.ABOVE, operand, path);
            case "at-least" -> range(Side.AT_LEAST, operand, path);
            case "below" -> range(Side.BELOW, operand, path);
            case "at-most" -> range(Side.AT_MOST, operand, path);
            case "exists" -> {
                if (!operand.isBoolean()) {
                    problems.add(path, "must be true or false");
                    yield null;
                }
                yield new DataTest.Exists(operand.booleanValue());
            }
            default -> {
                problems.add(path, "is no operator; there are " + OPERATORS);
                yield null;
            }
        };
    }

    private @Nullable DataTest equalTo(JsonNode operand, String path) {
        DataConstant constant = constant(operand, path);
        return constant == null ? null : new DataTest.Equals(constant);
    }

    private @Nullable DataTest in(JsonNode operand, String path) {
        if (!operand.isArray()) {
            problems.add(path, "must be a list of texts, numbers, true, false or null");
            return null;
        }
        DataConstants constants = constants(operand, path);
        return constants == null ? null : new DataTest.In(constants);
    }

    private @Nullable DataTest textPart(Place place, JsonNode operand, String path) {
        String text = problems.text(operand, path);
        return text == null ? null : new TextPart(place, text);
    }

    private @Nullable DataTest range(Side side, JsonNode operand, String path) {
        if (!isFinite(operand)) {
            problems.add(path, "must be a number");
            return null;
        }
        return new Range(side, DataConstant.Numeric.of(operand));
    }

    /// One constant, or a list of them.
    private @Nullable DataConstants constants(JsonNode operand, String path) {
        List<DataConstant> constants = new ArrayList<>();
        if (operand instanceof ArrayNode array) {
            if (array.isEmpty()) {
                problems.add(path, "must have at least one element");
                return null;
            }
            for (int i = 0; i < array.size() && problems.mayGoOn(); i++) {
                String inner = path + "[" + i + "]";
                problems.count(inner);
                DataConstant constant = constant(array.get(i), inner);
                if (constant != null) {
                    constants.add(constant);
                }
            }
        } else {
            DataConstant constant = constant(operand, path);
            if (constant != null) {
                constants.add(constant);
            }
        }
        return constants.isEmpty() ? null : DataConstants.of(constants);
    }

    /// Unlike a prefix, a text to be equal to may be empty.
    private @Nullable DataConstant constant(JsonNode node, String path) {
        if (node.isString() && node.stringValue().length() <= FilterReader.TEXT_MAX) {
            return new DataConstant.Text(node.stringValue());
        }
        if (isFinite(node)) {
            return DataConstant.Numeric.of(node);
        }
        if (node.isBoolean()) {
            return new DataConstant.Bool(node.booleanValue());
        }
        if (node.isNull()) {
            return new DataConstant.Null();
        }
        problems.add(
                path,
                "must be a text of at most %d characters, a number, true, false or null"
                        .formatted(FilterReader.TEXT_MAX));
        return null;
    }

    private static boolean isFinite(JsonNode node) {
        boolean floating = node.isFloat() || node.isDouble();
        return node.isNumber() && (!floating || Double.isFinite(node.doubleValue()));
    }

    /// Operators that can never hold together are a mistake.
    private void checkTogether(List<DataTest> tests, String path) {
        if (tests.size() > 1 && tests.contains(new DataTest.Exists(false))) {
            problems.add(path, "exists: false must stand alone: a missing field has no value");
        }
        for (DataTest low : tests) {
            for (DataTest high : tests) {
                if (low instanceof Range lower
                        && high instanceof Range upper
                        && isEmpty(lower, upper)) {
                    problems.add(path, "no number is %s and %s".formatted(words(low), words(high)));
                }
            }
        }
    }

    private static boolean isEmpty(Range low, Range high) {
        boolean isLow = low.side() == Side.ABOVE || low.side() == Side.AT_LEAST;
        boolean isHigh = high.side() == Side.BELOW || high.side() == Side.AT_MOST;
        int order = low.limit().decimal().compareTo(high.limit().decimal());
        boolean touching = low.side() == Side.AT_LEAST && high.side() == Side.AT_MOST;
        return isLow && isHigh && (order > 0 || (order == 0 && !touching));
    }

    private static String words(DataTest test) {
        return test.operator() + " " + Quoted.shortened(test.operand().toString());
    }
}
