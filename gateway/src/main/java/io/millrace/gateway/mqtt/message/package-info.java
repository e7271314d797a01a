/// What an MQTT message means as an event, and how an event goes out as a message. Nothing here
/// knows a socket, a thread or a codec.
@NullMarked
package io.millrace.gateway.mqtt.message;

import org.jspecify.annotations.NullMarked;
