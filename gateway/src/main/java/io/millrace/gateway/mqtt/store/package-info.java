/// What of MQTT sessions is on disk.
@NullMarked
package io.millrace.gateway.mqtt.store;

import org.jspecify.annotations.NullMarked;
