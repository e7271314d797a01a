/// Packets as bytes, where Netty's codec is too slow for what goes to many.
@NullMarked
package io.millrace.gateway.mqtt.wire;

import org.jspecify.annotations.NullMarked;
