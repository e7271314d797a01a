package io.millrace.event.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A constant that JSON values are compared with: text, a number, a boolean or null.
///
/// Values of different types are never equal. Numbers are compared by what they are, however they
/// are written and however large: 1, 1.0 and 1e0 are the same.
public sealed interface DataConstant {
    /// Whether the value is this constant.
    boolean equalTo(JsonNode value);

    /// The constant as it stands in a document.
    JsonNode toJson();

    /// Text.
    record Text(String text) implements DataConstant {
        @Override
        public boolean equalTo(JsonNode value) {
            return value.isString() && value.stringValue().equals(text);
        }

        @Override
        public JsonNode toJson() {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }

    /// A number of any size.
    ///
    /// @param decimal the number
    /// @param whole the same if it is a whole number of 64 bits: nearly all comparisons are of such
    record Numeric(BigDecimal decimal, @Nullable Long whole) implements DataConstant {
        /// @param value a number that is finite
        static Numeric of(JsonNode value) {
            boolean fits = value.isInt() || value.isLong();
            return new Numeric(value.decimalValue(), fits ? value.longValue() : null);
        }

        /// How a number compares with this one: negative if it is less.
        int compare(JsonNode value) {
            if (value.isInt() || value.isLong()) {
                return whole == null
                        ? BigDecimal.valueOf(value.longValue()).compareTo(decimal)
                        : Long.compare(value.longValue(), whole);
            }
            return value.decimalValue().compareTo(decimal);
        }

        @Override
        public boolean equalTo(JsonNode value) {
            return value.isNumber() && compare(value) == 0;
        }

        @Override
        public JsonNode toJson() {
            return whole == null
                    ? JsonNodeFactory.instance.numberNode(decimal)
                    : JsonNodeFactory.instance.numberNode(whole.longValue());
        }
    }

    /// `true` or `false`.
    record Bool(boolean bool) implements DataConstant {
        @Override
        public boolean equalTo(JsonNode value) {
            return value.isBoolean() && value.booleanValue() == bool;
        }

        @Override
        public JsonNode toJson() {
            return JsonNodeFactory.instance.booleanNode(bool);
        }
    }

    /// JSON's null, which is not the same as a field that is missing.
    record Null() implements DataConstant {
        @Override
        public boolean equalTo(JsonNode value) {
            return value.isNull();
        }

        @Override
        public JsonNode toJson() {
            return JsonNodeFactory.instance.nullNode();
        }
    }
}
