package io.millrace.gateway.kafka.group.state;

import java.time.Duration;

/// The times and bounds of groups, under the names that Kafka's broker has for them.
///
/// @param consumers what can be set for each consumer group
public record GroupConfig(Times times, Bounds bounds, ConsumerTimes consumers) {
    /// With consumer groups as usual.
    public GroupConfig(Times times, Bounds bounds) {
        this(times, bounds, ConsumerTimes.STANDARD);
    }

    /// With another delay before the first rebalance of a classic group.
    public GroupConfig with(Duration initialRebalanceDelay) {
        return new GroupConfig(
                new Times(
                        initialRebalanceDelay,
                        times.sessionMin,
                        times.sessionMax,
                        times.metadataRefresh,
                        times.offsetsRetention,
                        times.sweep),
                bounds,
                consumers);
    }

    /// With other consumer groups.
    public GroupConfig with(ConsumerTimes changed) {
        return new GroupConfig(times, bounds, changed);
    }

    /// How long things take.
    ///
    /// @param initialRebalanceDelay how long an empty classic group waits for more members
    /// @param sessionMin shortest session that a classic member may ask for
    /// @param sessionMax longest session that a classic member may ask for
    /// @param metadataRefresh how often topics and their partitions are looked at
    /// @param offsetsRetention how long the offsets of an empty group are kept
    /// @param sweep how often it is looked for offsets and groups that may go
    public record Times(
            Duration initialRebalanceDelay,
            Duration sessionMin,
            Duration sessionMax,
            Duration metadataRefresh,
            Duration offsetsRetention,
            Duration sweep) {}

    /// How much is taken.
    ///
    /// @param groups at most
    /// @param members of one group, at most
    /// @param memberBytes of one member's metadata, or of its assignment, at most
    /// @param offsetMetadata characters that are kept with one offset, at most
    /// @param nameBytes of a group's, a member's and an instance's id, at most
    public record Bounds(
            int groups, int members, int memberBytes, int offsetMetadata, int nameBytes) {}

    /// What Kafka's broker has, but for the bounds that it leaves open.
    public static GroupConfig standard() {
        return new GroupConfig(
                new Times(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(5),
                        Duration.ofDays(7),
                        Duration.ofMinutes(10)),
                new Bounds(10_000, 1_000, 1 << 20, 4096, 1024));
    }
}
