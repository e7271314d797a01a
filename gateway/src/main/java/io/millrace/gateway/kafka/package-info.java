/// Kafka's protocol: streams and queues as topics, for clients that know nothing of Millrace.
@NullMarked
package io.millrace.gateway.kafka;

import org.jspecify.annotations.NullMarked;
