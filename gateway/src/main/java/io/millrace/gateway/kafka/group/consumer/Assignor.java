package io.millrace.gateway.kafka.group.consumer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Shares out the partitions of topics among the members that have subscribed to them, in one of
/// several ways. Pure.
interface Assignor {
    /// A member that takes part.
    ///
    /// @param order what members are sorted by, the same in each generation
    /// @param topics that it has subscribed to; one object for all members with the same ones
    /// @param current what it was given last
    record Candidate(String memberId, String order, Set<UUID> topics, Partitions current) {}

    /// As clients call it.
    String name();

    /// @param counts how many partitions each subscribed topic has
    /// @return what each member is to have, by its id; each partition of a topic that anyone has
    ///   subscribed to is there once
    Map<String, Partitions> assign(List<Candidate> members, Map<UUID, Integer> counts);

    /// All of them; the first is used unless members wish for another.
    static List<Assignor> all() {
        return List.of(new UniformAssignor(), new RangeAssignor());
    }
}
