/// Where MQTT clients are listened to, and what they may use up.
@NullMarked
package io.millrace.gateway.mqtt.config;

import org.jspecify.annotations.NullMarked;
