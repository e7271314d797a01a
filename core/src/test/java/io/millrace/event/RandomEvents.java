package io.millrace.event;

import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Valid events from a seed, with everything that bindings and formats like to lose: all attribute
/// types, text of every script, times to more than nanoseconds, data that is absent, empty, JSON,
/// nearly JSON, text or arbitrary bytes.
public final class RandomEvents {
    private static final List<String> CONTENT_TYPES =
            List.of(
                    "application/json",
                    "application/json; charset=utf-8",
                    "application/acme+json",
                    "Application/Vnd.Acme+JSON",
                    "text/plain",
                    "text/csv;charset=\"UTF-8\"",
                    "text/plain; charset=iso-8859-1",
                    "application/xml",
                    "application/octet-stream",
                    "image/png");

    private static final List<AttributeType> TYPES = List.of(AttributeType.values());

    private static final List<String> PIECES =
            List.of(
                    "a",
                    "Z",
                    "0",
                    " ",
                    "\"",
                    "%",
                    "\\",
                    "/",
                    "<",
                    "~",
                    ",",
                    ";",
                    "=",
                    "ä",
                    "ß",
                    "\u20AC",
                    "\u4E2D",
                    "\u05D0",
                    "\u00A0",
                    "\u2028",
                    "\uFEFF",
                    "\uD83D\uDE00",
                    "e\u0301",
                    "\uFFFD",
                    "%41",
                    "\uE000");

    private final Random random;
    private int count;

    public RandomEvents(long seed) {
        this.random = new Random(seed);
    }

    public Event next() {
        EventBuilder event =
                Event.builder()
                        .id(count++ + "-" + text(0, 12))
                        .source(uriReference())
                        .type("com.example." + text(0, 8));
        if (random.nextBoolean()) {
            event.subject(text(1, 20));
        }
        if (random.nextBoolean()) {
            event.time(time());
        }
        if (random.nextInt(4) == 0) {
            event.dataSchema(uri());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            event.extension("ext" + random.nextInt(10) + (char) ('a' + i), value());
        }
        if (random.nextInt(8) == 0) {
            event.extension("partitionkey", text(1, 8));
        }
        if (random.nextInt(6) > 0) {
            event.dataContentType(CONTENT_TYPES.get(random.nextInt(CONTENT_TYPES.size())));
        }
        return event.data(data()).build();
    }

    /// The event as it comes back from a binding that carries every attribute as text.
    public static Event asText(Event event) {
        return mapped(event, false);
    }

    /// The event as it comes back from a format that has booleans, integers and text, like JSON.
    public static Event asJson(Event event) {
        return mapped(event, true);
    }

    private static Event mapped(Event event, boolean keepBooleansAndIntegers) {
        EventBuilder copy =
                Event.builder()
                        .id(event.id())
                        .source(event.source())
                        .type(event.type())
                        .subject(event.subject())
                        .time(event.time())
                        .dataSchema(event.dataSchema())
                        .dataContentType(event.dataContentType())
                        .data(event.data());
        for (Map.Entry<String, AttributeValue> entry : event.extensions().entrySet()) {
            AttributeValue value = entry.getValue();
            boolean kept =
                    keepBooleansAndIntegers
                            && (value instanceof BooleanValue || value instanceof IntegerValue);
            copy.extension(entry.getKey(), kept ? value : new StringValue(value.canonical()));
        }
        return copy.build();
    }

    private AttributeValue value() {
        return switch (TYPES.get(random.nextInt(TYPES.size()))) {
            case BOOLEAN -> new BooleanValue(random.nextBoolean());
            case INTEGER ->
                    new IntegerValue(
                            switch (random.nextInt(4)) {
                                case 0 -> Integer.MIN_VALUE;
                                case 1 -> Integer.MAX_VALUE;
                                default -> random.nextInt(-10, 10);
                            });
            case STRING -> new StringValue(text(0, 16));
            case BINARY -> new BinaryValue(bytes(random.nextInt(12)));
            case URI -> new UriValue(uri());
            case URI_REFERENCE -> new UriReferenceValue(uriReference());
            case TIMESTAMP -> new TimestampValue(time());
        };
    }

    private Timestamp time() {
        StringBuilder text =
                new StringBuilder(
                        "%04d-%02d-%02dT%02d:%02d:%02d"
                                .formatted(
                                        random.nextInt(1900, 2200),
                                        random.nextInt(1, 13),
                                        random.nextInt(1, 29),
                                        random.nextInt(24),
                                        random.nextInt(60),
                                        random.nextInt(60)));
        int digits = random.nextInt(13);
        for (int i = 0; i < digits; i++) {
            text.append(i == 0 ? "." : "").append(random.nextInt(10));
        }
        boolean utc = random.nextBoolean();
        text.append(
                utc
                        ? "Z"
                        : "%s%02d:%02d"
                                .formatted(
                                        random.nextBoolean() ? "+" : "-",
                                        random.nextInt(15),
                                        random.nextInt(60)));
        return Timestamp.parse("time", text.toString());
    }

    private String uri() {
        return random.nextBoolean()
                ? "https://example.com:8080/" + path() + "?q=%20" + random.nextInt(100)
                : "urn:example:" + path();
    }

    private String uriReference() {
        return switch (random.nextInt(3)) {
            case 0 -> "/" + path();
            case 1 -> uri();
            default -> "relative/" + path() + "#fragment";
        };
    }

    private String path() {
        return "org/contoso/" + random.nextInt(20) + "/%C3%A4/sensors-" + random.nextInt(5);
    }

    private String text(int min, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(min, max + 1); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private @Nullable Bytes data() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> Bytes.EMPTY;
            case 2 -> bytes(random.nextInt(40));
            case 3 -> Bytes.utf8(text(0, 40) + "\r\n\t" + text(0, 4));
            case 4 -> Bytes.utf8(json(0) + " ");
            default -> Bytes.utf8(json(0));
        };
    }

    private Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /// A JSON value, with spellings that a parser and a generator between them would not keep.
    public String json(int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 9)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> "123456789012345678901234567890." + random.nextInt(1000) + "E-0" + depth;
            case 3 -> Long.toString(random.nextLong());
            case 4 -> "-0.10e+2";
            case 5 -> "\"ä\\u00E4\\/\\n\uD83D\uDE00\\ud83d\\ude00" + random.nextInt(100) + "\"";
            case 6 -> "[" + json(depth + 1) + " ,\n" + json(depth + 1) + "]";
            case 7 -> "{ \"b\" : " + json(depth + 1) + ",\t\"a\":" + json(depth + 1) + "\r\n}";
            default -> random.nextBoolean() ? "{}" : "[ ]";
        };
    }
}
