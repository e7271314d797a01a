package io.millrace.log;

import io.millrace.event.AttributeValue;
import io.millrace.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The headers of a record that are no attributes of its event, as the text of the extension
/// `kafkaheaders`: a JSON array of `["name", "text"]`, `["name", {"base64": "…"}]` where the value
/// is no text, or `["name", null]`.
final class KafkaHeaders {
    static final String EXTENSION = "kafkaheaders";

    private static final String BASE64 = "base64";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private KafkaHeaders() {}

    /// One of them. Kafka's headers may have no value.
    record Header(String name, @Nullable Bytes value) {}

    /// The bytes as text, if they are UTF-8 that an attribute may hold; else `null`.
    static @Nullable String text(Bytes bytes) {
        String text = bytes.toUtf8();
        boolean isExact = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes.toArray());
        return isExact && AttributeValue.isText(text) ? text : null;
    }

    static String print(List<Header> headers) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Header header : headers) {
            ArrayNode pair = list.addArray();
            pair.add(header.name);
            Bytes value = header.value;
            String text = value == null ? null : text(value);
            if (value == null) {
                pair.addNull();
            } else if (text != null) {
                pair.add(text);
            } else {
                pair.addObject().put(BASE64, Base64.getEncoder().encodeToString(value.toArray()));
            }
        }
        String text = JSON.writeValueAsString(list);
        return AttributeValue.isText(text) ? text : escaped(text);
    }

    /// Names may have characters that no attribute may hold; within JSON they can be escaped.
    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                safe.append(c);
            } else {
                safe.append("\\u%04x".formatted((int) c));
            }
        }
        return safe.toString();
    }

    /// @return `null` if the text is not one that [#print] writes, so that it is an attribute like
    ///   any other
    static @Nullable List<Header> parse(String text) {
        JsonNode list;
        try {
            list = JSON.readTree(text);
        } catch (JacksonException _) {
            return null;
        }
        if (!list.isArray()) {
            return null;
        }
        List<Header> headers = new ArrayList<>(list.size());
        for (JsonNode pair : list.values()) {
            Header header = header(pair);
            if (header == null) {
                return null;
            }
            headers.add(header);
        }
        return headers;
    }

    private static @Nullable Header header(JsonNode pair) {
        if (!pair.isArray() || pair.size() != 2 || !pair.get(0).isString()) {
            return null;
        }
        String name = pair.get(0).stringValue();
        JsonNode value = pair.get(1);
        if (value.isNull()) {
            return new Header(name, null);
        }
        if (value.isString()) {
            return new Header(name, Bytes.utf8(value.stringValue()));
        }
        JsonNode base64 = value.get(BASE64);
        Bytes bytes = base64 != null && base64.isString() ? decoded(base64.stringValue()) : null;
        return bytes == null ? null : new Header(name, bytes);
    }

    /// @return `null` if that is not Base64
    static @Nullable Bytes decoded(String base64) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
