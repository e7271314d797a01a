package io.millrace.gateway.kafka.transaction;

import java.util.Comparator;

/// One partition of a topic.
public record PartitionName(String topic, int partition) implements Comparable<PartitionName> {
    private static final Comparator<PartitionName> ORDER =
            Comparator.comparing(PartitionName::topic).thenComparingInt(PartitionName::partition);

    @Override
    public int compareTo(PartitionName other) {
        return ORDER.compare(this, other);
    }
}
