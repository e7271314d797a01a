/// Streams and queues as Kafka's topics.
@NullMarked
package io.millrace.broker.topic;

import org.jspecify.annotations.NullMarked;
