package io.millrace.gateway.mqtt.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// User properties as the text of one extension: a JSON array of `["name","value"]` without spaces.
/// Escaped is what JSON demands and what no attribute may hold. Thread-safe.
final class UserPropertyText {
    private static final String HEX = "0123456789abcdef";

    private final JsonFactory json = new JsonFactory();

    static String print(List<UserProperty> properties) {
        StringBuilder text = new StringBuilder(properties.size() * 32);
        print(properties, text, false);
        String plain = text.toString();
        if (MqttText.isAttribute(plain)) {
            return plain;
        }
        text.setLength(0);
        print(properties, text, true);
        return text.toString();
    }

    private static void print(List<UserProperty> properties, StringBuilder text, boolean ascii) {
        char separator = '[';
        for (UserProperty property : properties) {
            text.append(separator).append('[');
            string(property.name(), text, ascii);
            text.append(',');
            string(property.value(), text, ascii);
            text.append(']');
            separator = ',';
        }
        text.append(']');
    }

    /// @param ascii whether everything else is escaped, as the text has what no attribute may hold
    private static void string(String value, StringBuilder text, boolean ascii) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || (ascii && c >= 0x7F)) {
                text.append("\\u")
                        .append(HEX.charAt(c >> 12))
                        .append(HEX.charAt(c >> 8 & 0xF))
                        .append(HEX.charAt(c >> 4 & 0xF))
                        .append(HEX.charAt(c & 0xF));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /// @return `null` if the text is not exactly what [#print] writes of properties that MQTT can
    ///   carry, so that it is an attribute like any other
    @Nullable List<UserProperty> parse(String text) {
        if (!text.startsWith("[[")) {
            return null;
        }
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            List<UserProperty> properties = list(parser);
            return properties != null && print(properties).equals(text) ? properties : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable List<UserProperty> list(JsonParser parser) {
        List<UserProperty> properties = new ArrayList<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            String name = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
            String value = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
            if (name == null || value == null || parser.nextToken() != JsonToken.END_ARRAY) {
                return null;
            }
            if (!MqttText.fits(name) || !MqttText.fits(value)) {
                return null;
            }
            properties.add(new UserProperty(name, value));
        }
        return parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null
                ? properties
                : null;
    }
}
