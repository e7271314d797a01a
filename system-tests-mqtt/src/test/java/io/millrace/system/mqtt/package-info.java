/// Other people's MQTT clients against a server that speaks MQTT.
@NullMarked
package io.millrace.system.mqtt;

import org.jspecify.annotations.NullMarked;
