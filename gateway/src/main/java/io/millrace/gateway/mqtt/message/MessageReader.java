package io.millrace.gateway.mqtt.message;

import io.millrace.broker.Publication;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.MediaTypes;
import io.millrace.log.Retain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads messages as events. Thread-safe.
///
/// - **Structured** (CloudEvents MQTT binding, section 3.2): on MQTT 5.0 by the content type
///   `application/cloudevents+json`, on MQTT 3.1.1 by a payload that is an event in the JSON
///   format.
/// - **Binary** (section 3.1): MQTT 5.0 only, by the user properties `specversion`, `id`, `source`
///   and `type`. Every user property that can be an attribute is one, as a string. An empty payload
///   is empty data if there is a content type, else no data.
/// - **Plain**: everything else, and what claims to be an event but is not a valid one. The payload
///   is the data, which may be empty and is never absent.
///
/// What a message says besides is kept in extensions, see [PropertyExtensions]. The payload format
/// of a structured message is not: it tells of the JSON.
public final class MessageReader {
    private final JsonFormat json = new JsonFormat();
    private final PropertyExtensions extensions = new PropertyExtensions();

    /// @param id of the event if the message is a plain one; unique among all messages
    /// @param nowMillis from when the message's expiry counts, in milliseconds since 1970
    /// @throws MillraceException CONTEXT_INVALID if the topic, or the response topic, is none;
    ///   EVENT_INVALID for a content type with control characters, which MQTT 5.0 lets a server
    ///   refuse (section 1.5.4)
    public Publication read(Message message, ProtocolVersion version, String id, long nowMillis) {
        Context context = TopicName.context(message.topic());
        MessageProperties properties = message.properties();
        check(properties);
        Event event =
                switch (version) {
                    case V3_1_1 ->
                            StructuredPayload.mayBe(message.payload())
                                    ? structured(message, nowMillis)
                                    : null;
                    case V5 ->
                            switch (MediaTypes.mode(properties.contentType())) {
                                case STRUCTURED_JSON -> structured(message, nowMillis);
                                case BINARY -> binary(message, nowMillis);
                                case BATCH_JSON, UNSUPPORTED -> null;
                            };
                };
        if (event == null) {
            event = plain(message, context, id, nowMillis);
        }
        return new Publication(context.path(), event, retain(message));
    }

    /// MQTT 5.0, section 3.3.1.3.
    private static Retain retain(Message message) {
        if (!message.retain()) {
            return Retain.PASS;
        }
        return message.payload().isEmpty() ? Retain.CLEAR : Retain.LATEST;
    }

    private static void check(MessageProperties properties) {
        String topic = properties.responseTopic();
        if (topic != null && !TopicName.isResponseTopic(topic)) {
            throw new MillraceException(
                    ErrorCode.CONTEXT_INVALID,
                    "response topic",
                    "must be a topic name, without wildcards and control characters");
        }
        String type = properties.contentType();
        if (type != null && !MqttText.isAttribute(type)) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID, "content type", "must not have control characters");
        }
    }

    private @Nullable Event structured(Message message, long nowMillis) {
        Event read;
        try {
            read = json.read(message.payload());
        } catch (MillraceException _) {
            return null;
        }
        MessageProperties properties = message.properties();
        boolean isBare =
                properties.responseTopic() == null
                        && properties.correlationData() == null
                        && properties.expirySeconds() == null
                        && properties.userProperties().isEmpty();
        if (isBare) {
            return read;
        }
        EventBuilder event = copy(read);
        extensions.add(event, properties, unknown(read, properties.userProperties()));
        MessageExpiry.addTo(event, properties, nowMillis);
        return event.build();
    }

    /// The user properties that the event does not have already, be it as attributes (section
    /// 3.2.3) or in its extension for them.
    private List<UserProperty> unknown(Event event, List<UserProperty> properties) {
        if (properties.isEmpty() || extensions.of(event).userProperties().equals(properties)) {
            return List.of();
        }
        List<UserProperty> unknown = new ArrayList<>();
        for (UserProperty property : properties) {
            AttributeValue value = event.attribute(property.name());
            if (value == null || !value.canonical().equals(property.value())) {
                unknown.add(property);
            }
        }
        return unknown;
    }

    private static EventBuilder copy(Event read) {
        EventBuilder event =
                Event.builder()
                        .id(read.id())
                        .source(read.source())
                        .type(read.type())
                        .subject(read.subject())
                        .time(read.time())
                        .dataContentType(read.dataContentType())
                        .dataSchema(read.dataSchema())
                        .data(read.data());
        for (Map.Entry<String, AttributeValue> each : read.extensions().entrySet()) {
            event.extension(each.getKey(), each.getValue());
        }
        return event;
    }

    private @Nullable Event binary(Message message, long nowMillis) {
        MessageProperties properties = message.properties();
        List<UserProperty> all = properties.userProperties();
        if (!claimsToBeAnEvent(all)) {
            return null;
        }
        EventBuilder event = Event.builder();
        String contentType = properties.contentType();
        List<UserProperty> others = new ArrayList<>(0);
        int seen = 0;
        for (UserProperty property : all) {
            String name = property.name();
            String value = property.value();
            int bit = AttributeNames.bit(name);
            if (bit == AttributeNames.DATACONTENTTYPE && contentType == null) {
                contentType = value;
            } else if (bit == AttributeNames.DATACONTENTTYPE) {
                if (!value.equals(contentType)) {
                    others.add(property);
                }
            } else if (bit != 0 && (seen & bit) == 0) {
                seen |= bit;
                event.attribute(name, value);
            } else if (AttributeNames.isExtension(name, value) && !event.has(name)) {
                event.extension(name, value);
            } else {
                others.add(property);
            }
        }
        Bytes payload = message.payload();
        event.dataContentType(contentType);
        event.data(contentType == null && payload.isEmpty() ? null : payload);
        PropertyExtensions.addFormat(event, properties);
        extensions.add(event, properties, others);
        MessageExpiry.addTo(event, properties, nowMillis);
        try {
            return event.build();
        } catch (MillraceException _) {
            return null;
        }
    }

    private static boolean claimsToBeAnEvent(List<UserProperty> properties) {
        if (properties.size() < Integer.bitCount(AttributeNames.REQUIRED)) {
            return false;
        }
        int seen = 0;
        for (UserProperty property : properties) {
            seen |= AttributeNames.bit(property.name());
        }
        return (seen & AttributeNames.REQUIRED) == AttributeNames.REQUIRED;
    }

    private Event plain(Message message, Context context, String id, long nowMillis) {
        MessageProperties properties = message.properties();
        EventBuilder event =
                Event.builder()
                        .id(id)
                        .source(PlainMessage.source(context.path()))
                        .type(PlainMessage.TYPE)
                        .data(message.payload());
        PropertyExtensions.addFormat(event, properties);
        extensions.add(event, properties, properties.userProperties());
        MessageExpiry.addTo(event, properties, nowMillis);
        String contentType = properties.contentType();
        if (contentType == null) {
            return event.build();
        }
        try {
            return event.dataContentType(contentType).build();
        } catch (MillraceException _) {
            return event.dataContentType(null)
                    .extension(PropertyExtensions.CONTENT_TYPE, contentType)
                    .build();
        }
    }
}
