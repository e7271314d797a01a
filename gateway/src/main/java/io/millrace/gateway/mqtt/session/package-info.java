/// MQTT sessions without sockets, threads or a clock: packets and time in, packets and wishes out.
@NullMarked
package io.millrace.gateway.mqtt.session;

import org.jspecify.annotations.NullMarked;
