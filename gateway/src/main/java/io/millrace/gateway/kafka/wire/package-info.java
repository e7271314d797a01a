/// Frames and requests of Kafka's protocol, from bytes and to bytes. What is internal to Kafka's
/// client library stays in here.
@NullMarked
package io.millrace.gateway.kafka.wire;

import org.jspecify.annotations.NullMarked;
