package io.millrace.gateway.mqtt.message;

/// The version of MQTT that a client speaks, as far as it decides what a message can carry.
public enum ProtocolVersion {
    /// A message has a topic and a payload.
    V3_1_1,
    /// A message has properties too.
    V5
}
