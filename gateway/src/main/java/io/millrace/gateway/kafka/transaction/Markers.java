package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.Topics;

/// Writes the ends of transactions into partitions, see [Topics#mark].
@FunctionalInterface
interface Markers {
    void mark(String topic, int partition, Topics.TransactionMarker marker, Topics.Reply reply);
}
