package io.millrace.gateway.mqtt.message;

import io.millrace.event.AttributeValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.event.format.ContentMode;
import io.millrace.event.format.MediaTypes;
import io.millrace.gateway.mqtt.message.PropertyExtensions.Carried;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events in binary mode (CloudEvents MQTT binding, section 3.1), where it gives the same event
/// back to whoever reads it as [MessageReader] does.
final class BinaryMode {
    private BinaryMode() {}

    /// The user properties: attributes first, what the event kept for MQTT behind them.
    ///
    /// @return `null` if the event does not fit into binary mode
    static @Nullable List<UserProperty> attributes(Event event, Carried carried) {
        boolean fits =
                carried.isWhole()
                        && carried.contentType() == null
                        && isDataExact(event)
                        && isTypeExact(event.dataContentType());
        if (!fits) {
            return null;
        }
        Map<String, AttributeValue> extensions = event.extensions();
        List<UserProperty> properties =
                new ArrayList<>(7 + extensions.size() + carried.userProperties().size());
        properties.add(new UserProperty("specversion", "1.0"));
        Timestamp time = event.time();
        boolean all =
                add(properties, "id", event.id())
                        && add(properties, "source", event.source())
                        && add(properties, "type", event.type())
                        && add(properties, "subject", event.subject())
                        && add(properties, "time", time == null ? null : time.text())
                        && add(properties, "dataschema", event.dataSchema())
                        && (extensions.isEmpty() || addExtensions(properties, extensions));
        if (!all) {
            return null;
        }
        for (UserProperty kept : carried.userProperties()) {
            if (wouldBeAnAttribute(kept, event)) {
                return null;
            }
            properties.add(kept);
        }
        return properties;
    }

    /// Whether an empty payload means what the event has: no data without a content type, empty
    /// data with one.
    private static boolean isDataExact(Event event) {
        Bytes data = event.data();
        boolean isEmpty = data == null || data.isEmpty();
        return !isEmpty || (data == null) == (event.dataContentType() == null);
    }

    private static boolean isTypeExact(@Nullable String contentType) {
        return contentType == null
                || (MediaTypes.mode(contentType) == ContentMode.BINARY
                        && MqttText.fits(contentType));
    }

    private static boolean add(List<UserProperty> to, String name, @Nullable String value) {
        if (value == null) {
            return true;
        }
        if (!MqttText.fits(value)) {
            return false;
        }
        return to.add(new UserProperty(name, value));
    }

    private static boolean addExtensions(
            List<UserProperty> to, Map<String, AttributeValue> extensions) {
        for (Map.Entry<String, AttributeValue> each : extensions.entrySet()) {
            String name = each.getKey();
            if (!PropertyExtensions.isOne(name)) {
                String value = each.getValue().canonical();
                if (!AttributeNames.isExtension(name, value) || !add(to, name, value)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean wouldBeAnAttribute(UserProperty kept, Event event) {
        String name = kept.name();
        int bit = AttributeNames.bit(name);
        if (bit == AttributeNames.DATACONTENTTYPE) {
            String type = event.dataContentType();
            return type == null || type.equals(kept.value());
        }
        if (bit != 0) {
            return event.attribute(name) == null;
        }
        return AttributeNames.isExtension(name, kept.value())
                && !event.extensions().containsKey(name);
    }
}
