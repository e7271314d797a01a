/// Kafka's protocol, beside Apache Kafka, with Kafka's own client.
@NullMarked
package io.millrace.bench.kafka;

import org.jspecify.annotations.NullMarked;
