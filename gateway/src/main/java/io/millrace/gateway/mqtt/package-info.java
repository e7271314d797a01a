/// MQTT 3.1.1 and 5.0, put together.
@NullMarked
package io.millrace.gateway.mqtt;

import org.jspecify.annotations.NullMarked;
