package io.millrace.gateway.mqtt.message;

import io.millrace.event.Bytes;

/// An application message as MQTT carries it (MQTT 5.0, section 3.3), without what concerns one
/// delivery only: quality of service, packet identifier, duplicate flag, aliases.
///
/// @param topic the whole topic name, with aliases resolved
/// @param payload empty if there is none: MQTT does not tell these apart. Nobody may write to its
///   bytes any more, since an event's data is a part of them
/// @param retain the flag as it came, or as it goes out
/// @param properties [MessageProperties#NONE] on MQTT 3.1.1
public record Message(String topic, Bytes payload, boolean retain, MessageProperties properties) {
    /// The same with another flag.
    public Message withRetain(boolean flag) {
        return flag == retain ? this : new Message(topic, payload, flag, properties);
    }

    /// The same with other properties.
    public Message withProperties(MessageProperties other) {
        return new Message(topic, payload, retain, other);
    }
}
