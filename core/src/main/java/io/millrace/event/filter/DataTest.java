package io.millrace.event.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One operator of a condition on a field, with its operand.
public sealed interface DataTest {
    /// Whether a value other than an array meets it.
    boolean holds(JsonNode value);

    /// The operator's name in a document.
    String operator();

    /// The operand as it stands in a document.
    JsonNode operand();

    /// `equals`: the value is the constant.
    record Equals(DataConstant constant) implements DataTest {
        @Override
        public boolean holds(JsonNode value) {
            return constant.equalTo(value);
        }

        @Override
        public String operator() {
            return "equals";
        }

        @Override
        public JsonNode operand() {
            return constant.toJson();
        }
    }

    /// `in`: the value is one of the constants.
    record In(DataConstants constants) implements DataTest {
        @Override
        public boolean holds(JsonNode value) {
            return constants.contain(value);
        }

        @Override
        public String operator() {
            return "in";
        }

        @Override
        public JsonNode operand() {
            return constants.toJson();
        }
    }

    /// `anything-but`: the value is none of the constants. The only operator besides `exists:
    /// false` that holds for a field without a value.
    record AnythingBut(DataConstants constants) implements DataTest {
        @Override
        public boolean holds(JsonNode value) {
            return !constants.contain(value);
        }

        @Override
        public String operator() {
            return "anything-but";
        }

        @Override
        public JsonNode operand() {
            return constants.toJson();
        }
    }

    /// `prefix`, `suffix` and `contains`: the value is text with this text in that place, with
    /// regard to case.
    record TextPart(Place place, String text) implements DataTest {
        /// Where the text is looked for.
        public enum Place {
            PREFIX("prefix"),
            SUFFIX("suffix"),
            CONTAINS("contains");

            private final String operator;

            Place(String operator) {
                this.operator = operator;
            }
        }

        @Override
        public boolean holds(JsonNode value) {
            if (!value.isString()) {
                return false;
            }
            String whole = value.stringValue();
            return switch (place) {
                case PREFIX -> whole.startsWith(text);
                case SUFFIX -> whole.endsWith(text);
                case CONTAINS -> whole.contains(text);
            };
        }

        @Override
        public String operator() {
            return place.operator;
        }

        @Override
        public JsonNode operand() {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }

    /// `above`, `at-least`, `below` and `at-most`: the value is a number on that side of the limit.
    record Range(Side side, DataConstant.Numeric limit) implements DataTest {
        /// Where the numbers are that meet it.
        public enum Side {
            ABOVE("above"),
            AT_LEAST("at-least"),
            BELOW("below"),
            AT_MOST("at-most");

            private final String operator;

            Side(String operator) {
                this.operator = operator;
            }
        }

        @Override
        public boolean holds(JsonNode value) {
            if (!value.isNumber()) {
                return false;
            }
            int order = limit.compare(value);
            return switch (side) {
                case ABOVE -> order > 0;
                case AT_LEAST -> order >= 0;
                case BELOW -> order < 0;
                case AT_MOST -> order <= 0;
            };
        }

        @Override
        public String operator() {
            return side.operator;
        }

        @Override
        public JsonNode operand() {
            return limit.toJson();
        }
    }

    /// `exists`: whether the field is there, with any value, null and the empty array included.
    record Exists(boolean expected) implements DataTest {
        @Override
        public boolean holds(JsonNode value) {
            return expected;
        }

        @Override
        public String operator() {
            return "exists";
        }

        @Override
        public JsonNode operand() {
            return JsonNodeFactory.instance.booleanNode(expected);
        }
    }

    /// Constants of which text is looked up and the rest compared one by one.
    ///
    /// @param constants as they were written, at least one
    record DataConstants(List<DataConstant> constants, Set<String> texts) {
        public DataConstants {
            constants = List.copyOf(constants);
            texts = Set.copyOf(texts);
        }

        static DataConstants of(List<DataConstant> constants) {
            Set<String> texts = new HashSet<>();
            for (DataConstant constant : constants) {
                if (constant instanceof DataConstant.Text(String text)) {
                    texts.add(text);
                }
            }
            return new DataConstants(constants, texts);
        }

        boolean contain(JsonNode value) {
            if (value.isString()) {
                return texts.contains(value.stringValue());
            }
            if (texts.size() == constants.size()) {
                return false;
            }
            for (int i = 0; i < constants.size(); i++) {
                if (constants.get(i).equalTo(value)) {
                    return true;
                }
            }
            return false;
        }

        ArrayNode toJson() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            constants.forEach(constant -> array.add(constant.toJson()));
            return array;
        }
    }
}
