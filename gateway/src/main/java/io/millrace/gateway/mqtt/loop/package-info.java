/// The sessions of one event loop, what they are sent, and what they publish.
@NullMarked
package io.millrace.gateway.mqtt.loop;

import org.jspecify.annotations.NullMarked;
