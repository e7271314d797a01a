package io.millrace.event.format;

import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.EventBuilder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the members of one event, with the parser at the beginning of its object, and leaves the
/// parser at its end.
///
/// Data may come before the `datacontenttype` that says what it is, so that it is only located at
/// first.
final class JsonMembers {
    private final JsonParser parser;
    private final Bytes document;

    /// Which of the usual members were there, a bit for each.
    private int usual;

    /// The names of the others.
    private @Nullable Set<String> others;

    private @Nullable String contentType;
    private @Nullable Bytes json;
    private @Nullable String text;
    private @Nullable Bytes binary;
    private boolean dataIsNull;
    private boolean versioned;

    JsonMembers(JsonParser parser, Bytes document) {
        this.parser = parser;
        this.document = document;
    }

    /// Problems go into the builder, which reports them all when the event is built.
    void readInto(EventBuilder event) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (!isNew(name)) {
                wrong(event, name, "appears twice");
                parser.skipChildren();
            } else if (name.equals("data")) {
                data(token);
            } else if (name.equals("data_base64")) {
                base64(event, token);
            } else {
                attribute(event, name, token);
            }
        }
        if (!versioned) {
            wrong(event, "specversion", "is missing");
        }
        setData(event);
    }

    private boolean isNew(String name) {
        int bit =
                switch (name) {
                    case "specversion" -> 1;
                    case "id" -> 1 << 1;
                    case "source" -> 1 << 2;
                    case "type" -> 1 << 3;
                    case "subject" -> 1 << 4;
                    case "time" -> 1 << 5;
                    case "datacontenttype" -> 1 << 6;
                    case "dataschema" -> 1 << 7;
                    case "data" -> 1 << 8;
                    case "data_base64" -> 1 << 9;
                    default -> 0;
                };
        if (bit != 0) {
            boolean isNew = (usual & bit) == 0;
            usual |= bit;
            return isNew;
        }
        Set<String> known = others;
        if (known == null) {
            known = new HashSet<>();
            others = known;
        }
        return known.add(name);
    }

    private void attribute(EventBuilder event, String name, JsonToken token) {
        switch (token) {
            case VALUE_STRING -> {
                String value = parser.getString();
                event.attribute(name, value);
                if (name.equals("datacontenttype")) {
                    contentType = value;
                } else if (name.equals("specversion")) {
                    versioned = true;
                }
            }
            case VALUE_NULL -> {}
            case VALUE_TRUE, VALUE_FALSE -> {
                if (mayHaveType(event, name)) {
                    event.extension(name, new BooleanValue(token == JsonToken.VALUE_TRUE));
                }
            }
            case VALUE_NUMBER_INT -> {
                if (mayHaveType(event, name)) {
                    integer(event, name);
                }
            }
            case VALUE_NUMBER_FLOAT ->
                    wrong(event, name, "must not be a number with a fraction or an exponent");
            default -> {
                wrong(event, name, "must be a string, an integer, a boolean or null");
                parser.skipChildren();
            }
        }
    }

    private void integer(EventBuilder event, String name) {
        if (parser.getNumberType() == JsonParser.NumberType.INT) {
            event.extension(name, new IntegerValue(parser.getIntValue()));
        } else {
            wrong(
                    event,
                    name,
                    "must be an integer from -2147483648 to 2147483647; send others as a string");
        }
    }

    /// The attributes of the specification are strings in JSON, all of them.
    private static boolean mayHaveType(EventBuilder event, String name) {
        return switch (name) {
            case "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema" -> {
                wrong(event, name, "must be a string");
                yield false;
            }
            default -> true;
        };
    }

    private void data(JsonToken token) {
        long from = parser.currentTokenLocation().getByteOffset();
        dataIsNull = token == JsonToken.VALUE_NULL;
        if (token == JsonToken.VALUE_STRING) {
            text = parser.getString();
        } else {
            parser.skipChildren();
        }
        long to = parser.currentLocation().getByteOffset();
        json = document.slice((int) from, (int) to);
    }

    private void base64(EventBuilder event, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            long from = parser.currentTokenLocation().getByteOffset();
            parser.finishToken();
            long to = parser.currentLocation().getByteOffset();
            Bytes encoded = document.slice((int) from + 1, (int) to - 1);
            try {
                binary = decoded(encoded);
            } catch (IllegalArgumentException _) {
                wrong(event, "data_base64", "must be Base64 (RFC 4648, section 4)");
            }
        } else if (token != JsonToken.VALUE_NULL) {
            wrong(event, "data_base64", "must be a string");
            parser.skipChildren();
        }
    }

    private Bytes decoded(Bytes encoded) {
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.at(i) == '\\') {
                return Bytes.wrap(Base64.getDecoder().decode(parser.getString()));
            }
        }
        return Bytes.wrap(Base64.getDecoder().decode(encoded.asByteBuffer()).array());
    }

    private void setData(EventBuilder event) {
        if (json == null) {
            event.data(binary);
            return;
        }
        String declared = contentType == null ? MediaTypes.JSON : contentType;
        boolean isJson = MediaTypes.isJson(declared);
        if (dataIsNull && (!isJson || binary != null)) {
            event.data(binary);
        } else if (binary != null) {
            wrong(event, "data_base64", "must not stand beside data");
        } else if (isJson) {
            event.data(json);
            event.dataContentType(declared);
        } else if (text == null) {
            wrong(
                    event,
                    "data",
                    "must be a string, because datacontenttype is not a JSON type; bytes go into"
                            + " data_base64");
        } else {
            text(event, text, declared);
        }
    }

    /// A string stands for its text in the charset of the data, which is UTF-8 unless
    /// `datacontenttype` names another.
    private static void text(EventBuilder event, String text, String contentType) {
        try {
            String named = MediaTypes.charset(contentType);
            if (named == null && isAscii(text)) {
                event.data(Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                return;
            }
            Charset charset = named == null ? StandardCharsets.UTF_8 : Charset.forName(named);
            event.data(Bytes.copyOf(charset.newEncoder().encode(CharBuffer.wrap(text))));
        } catch (CharacterCodingException
                | IllegalArgumentException
                | UnsupportedOperationException _) {
            wrong(
                    event,
                    "data",
                    "cannot be written in the charset of datacontenttype; use data_base64");
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static void wrong(EventBuilder event, String name, String detail) {
        event.report(new Problem(ErrorCode.EVENT_INVALID, name, detail));
    }
}
