/// Sockets of MQTT clients.
@NullMarked
package io.millrace.gateway.mqtt.connection;

import org.jspecify.annotations.NullMarked;
