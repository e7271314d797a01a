/// MQTT, beside other brokers in the same run, with one small client for all of them.
@NullMarked
package io.millrace.bench.mqtt;

import org.jspecify.annotations.NullMarked;
