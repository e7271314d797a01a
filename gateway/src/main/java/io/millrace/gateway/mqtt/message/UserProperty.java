package io.millrace.gateway.mqtt.message;

/// One user property of a message (MQTT 5.0, section 3.3.2.3.7): a name may appear again, and the
/// order counts.
public record UserProperty(String name, String value) {}
