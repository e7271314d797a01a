package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import io.millrace.gateway.kafka.group.consumer.Assignments;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.consumer.EmbeddedProtocol;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.jspecify.annotations.Nullable;

/// Which topics the members of a group have subscribed to. Only for the coordinator's thread.
record Subscribed(Assignments assignments) {
    /// @return `null` if that cannot be told, as the members are no consumers
    @Nullable Set<String> by(GroupEntry entry) {
        ConsumerGroup consumer = entry.consumer();
        if (consumer != null) {
            return assignments.subscribed(consumer);
        }
        ClassicGroup classic = entry.classic();
        return classic == null ? Set.of() : by(classic);
    }

    private static @Nullable Set<String> by(ClassicGroup group) {
        Set<String> topics = new HashSet<>();
        for (ClassicMember member : group.members()) {
            ConsumerProtocolSubscription subscription =
                    EmbeddedProtocol.TYPE.equals(group.protocolType())
                            ? EmbeddedProtocol.subscriptionOrNull(
                                    member.terms().protocols().getFirst().metadata())
                            : null;
            if (subscription == null) {
                return null;
            }
            topics.addAll(subscription.topics());
        }
        return topics;
    }
}
