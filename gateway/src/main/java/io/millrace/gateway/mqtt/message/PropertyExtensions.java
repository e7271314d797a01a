package io.millrace.gateway.mqtt.message;

import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The extensions in which an event keeps what a message said that is no attribute, so that
/// subscribers get it back. Thread-safe.
///
/// The names belong to these: in binary mode a user property of such a name is no attribute.
final class PropertyExtensions {
    /// String: the response topic.
    static final String RESPONSE_TOPIC = "mqttresponsetopic";

    /// Binary: the correlation data.
    static final String CORRELATION = "mqttcorrelation";

    /// Integer: the payload format indicator.
    static final String FORMAT = "mqttformat";

    /// String: a content type that is no media type, so that it cannot be `datacontenttype`.
    static final String CONTENT_TYPE = "mqttcontenttype";

    /// String: user properties, see [UserPropertyText].
    static final String PROPERTIES = "mqttproperties";

    private final UserPropertyText texts = new UserPropertyText();

    /// What an event carries for MQTT.
    ///
    /// @param isWhole whether every extension of these names is one of the properties here
    record Carried(
            @Nullable Integer format,
            @Nullable String contentType,
            @Nullable String responseTopic,
            @Nullable Bytes correlation,
            List<UserProperty> userProperties,
            boolean isWhole) {
        static final Carried NOTHING = new Carried(null, null, null, null, List.of(), true);

        /// Whether a message needs no property for it; a content type aside.
        boolean isNothing() {
            return format == null
                    && responseTopic == null
                    && correlation == null
                    && userProperties.isEmpty();
        }
    }

    static boolean isOne(String name) {
        if (!name.startsWith("mqtt")) {
            return false;
        }
        return switch (name) {
            case RESPONSE_TOPIC, CORRELATION, FORMAT, CONTENT_TYPE, PROPERTIES -> true;
            default -> false;
        };
    }

    /// Adds all but the payload format, which belongs to the payload of one mode, and the content
    /// type.
    ///
    /// @param others the user properties that are no attributes
    void add(EventBuilder event, MessageProperties properties, List<UserProperty> others) {
        if (properties.responseTopic() != null) {
            event.extension(RESPONSE_TOPIC, properties.responseTopic());
        }
        if (properties.correlationData() != null) {
            event.extension(CORRELATION, new BinaryValue(properties.correlationData()));
        }
        if (!others.isEmpty()) {
            event.extension(PROPERTIES, UserPropertyText.print(others));
        }
    }

    static void addFormat(EventBuilder event, MessageProperties properties) {
        if (properties.payloadFormat() != null) {
            event.extension(FORMAT, new IntegerValue(properties.payloadFormat()));
        }
    }

    Carried of(Event event) {
        Map<String, AttributeValue> all = event.extensions();
        if (all.isEmpty()) {
            return Carried.NOTHING;
        }
        AttributeValue format = all.get(FORMAT);
        AttributeValue contentType = all.get(CONTENT_TYPE);
        AttributeValue responseTopic = all.get(RESPONSE_TOPIC);
        AttributeValue correlation = all.get(CORRELATION);
        AttributeValue properties = all.get(PROPERTIES);
        Carried carried =
                new Carried(
                        format(format),
                        contentType(contentType),
                        responseTopic(responseTopic),
                        correlation(correlation),
                        userProperties(properties),
                        true);
        boolean isWhole =
                isCarried(format, carried.format)
                        && isCarried(contentType, carried.contentType)
                        && isCarried(responseTopic, carried.responseTopic)
                        && isCarried(correlation, carried.correlation)
                        && (properties == null || !carried.userProperties.isEmpty());
        return isWhole
                ? carried
                : new Carried(
                        carried.format,
                        carried.contentType,
                        carried.responseTopic,
                        carried.correlation,
                        carried.userProperties,
                        false);
    }

    private static boolean isCarried(@Nullable AttributeValue value, @Nullable Object property) {
        return value == null || property != null;
    }

    private static @Nullable Integer format(@Nullable AttributeValue value) {
        if (value instanceof IntegerValue(int number)) {
            return number == 0 || number == 1 ? Integer.valueOf(number) : null;
        }
        String text = text(value);
        return text == null || !(text.equals("0") || text.equals("1"))
                ? null
                : Integer.valueOf(text.charAt(0) - '0');
    }

    private static @Nullable String contentType(@Nullable AttributeValue value) {
        String text = text(value);
        return text != null && MqttText.fits(text) ? text : null;
    }

    private static @Nullable String responseTopic(@Nullable AttributeValue value) {
        String text = text(value);
        return text != null && TopicName.isResponseTopic(text) ? text : null;
    }

    /// Base64 counts too, since JSON and Kafka carry binary values so.
    private static @Nullable Bytes correlation(@Nullable AttributeValue value) {
        if (value instanceof BinaryValue(Bytes bytes)) {
            return bytes.length() <= MqttText.BYTES_MAX ? bytes : null;
        }
        String text = text(value);
        if (text == null || text.length() > 2 * MqttText.BYTES_MAX) {
            return null;
        }
        try {
            BinaryValue decoded = new BinaryValue(Bytes.wrap(Base64.getDecoder().decode(text)));
            boolean isExact =
                    decoded.value().length() <= MqttText.BYTES_MAX
                            && decoded.canonical().equals(text);
            return isExact ? decoded.value() : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private List<UserProperty> userProperties(@Nullable AttributeValue value) {
        String text = text(value);
        List<UserProperty> properties = text == null ? null : texts.parse(text);
        return properties == null ? List.of() : properties;
    }

    private static @Nullable String text(@Nullable AttributeValue value) {
        return value instanceof StringValue(String text) ? text : null;
    }
}
