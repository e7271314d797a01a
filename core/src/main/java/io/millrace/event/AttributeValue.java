package io.millrace.event;

/// The value of an attribute, in one of the seven types of CloudEvents 1.0 (section "Type System").
///
/// [#canonical] is the text of the value on bindings that carry text only. The types keep what was
/// written: a timestamp keeps its digits and offset, a URI its spelling.
public sealed interface AttributeValue {
    AttributeType type();

    /// The canonical string of the value, as HTTP headers and Kafka headers carry it.
    String canonical();

    /// Whether a text can be the value of an attribute: not empty, without control characters,
    /// noncharacters and lone surrogates.
    static boolean isText(String text) {
        return !text.isEmpty() && text.codePoints().allMatch(EventRules::isAllowed);
    }

    record BooleanValue(boolean value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.BOOLEAN;
        }

        @Override
        public String canonical() {
            return value ? "true" : "false";
        }
    }

    record IntegerValue(int value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.INTEGER;
        }

        @Override
        public String canonical() {
            return Integer.toString(value);
        }
    }

    record StringValue(String value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.STRING;
        }

        @Override
        public String canonical() {
            return value;
        }
    }

    record BinaryValue(Bytes value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.BINARY;
        }

        /// Base64 (RFC 4648, section 4).
        @Override
        public String canonical() {
            return java.util.Base64.getEncoder().encodeToString(value.toArray());
        }
    }

    /// An absolute URI, as written.
    record UriValue(String value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.URI;
        }

        @Override
        public String canonical() {
            return value;
        }
    }

    /// A URI or a relative reference, as written.
    record UriReferenceValue(String value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.URI_REFERENCE;
        }

        @Override
        public String canonical() {
            return value;
        }
    }

    record TimestampValue(Timestamp value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.TIMESTAMP;
        }

        @Override
        public String canonical() {
            return value.text();
        }
    }
}
