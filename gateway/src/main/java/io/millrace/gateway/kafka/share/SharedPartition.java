package io.millrace.gateway.kafka.share;

import org.apache.kafka.common.Uuid;

/// One partition of a topic.
record SharedPartition(Uuid topic, int partition) {}
