/// A client of MQTT for tests, written from the standard alone: it shares no code with the server.
@NullMarked
package io.millrace.gateway.mqtt.client;

import org.jspecify.annotations.NullMarked;
