package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.message.Message;

/// The message that is published when a connection ends without the client having said so (MQTT
/// 5.0, section 3.1.2.5).
///
/// @param delaySeconds how long the client has time to come back before
public record Will(Message message, int qos, long delaySeconds) {}
