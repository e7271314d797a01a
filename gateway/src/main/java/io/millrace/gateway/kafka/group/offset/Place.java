package io.millrace.gateway.kafka.group.offset;

import java.util.UUID;

/// A partition of one incarnation of a topic.
public record Place(String topic, UUID id, int partition) {}
