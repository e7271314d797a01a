package io.millrace.gateway.kafka.group.consumer;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What consumers say to each other inside of the classic protocol: subscriptions and assignments.
public final class EmbeddedProtocol {
    /// The protocol type of classic groups of consumers.
    public static final String TYPE = ConsumerProtocol.PROTOCOL_TYPE;

    private EmbeddedProtocol() {}

    /// The first protocol's subscription; all protocols of a consumer have the same topics.
    ///
    /// @throws org.apache.kafka.common.errors.InconsistentGroupProtocolException if it is none
    public static ConsumerProtocolSubscription subscription(
            List<ClassicMember.Protocol> protocols) {
        ConsumerProtocolSubscription found =
                protocols.isEmpty() ? null : subscriptionOrNull(protocols.getFirst().metadata());
        if (found == null) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                    "the member's subscription is not one of a consumer");
        }
        return found;
    }

    /// `null` if these bytes are none.
    public static @Nullable ConsumerProtocolSubscription subscriptionOrNull(byte[] metadata) {
        try {
            return ConsumerProtocol.deserializeConsumerProtocolSubscription(
                    ByteBuffer.wrap(metadata));
        } catch (RuntimeException _) {
            // Bytes that are no subscription fail in several ways.
            return null;
        }
    }

    /// What a consumer says that it has.
    static Partitions owned(ConsumerProtocolSubscription subscription, Catalog catalog) {
        Partitions.Builder owned = new Partitions.Builder();
        for (ConsumerProtocolSubscription.TopicPartition each : subscription.ownedPartitions()) {
            Topic topic = catalog.find(each.topic());
            if (topic != null) {
                each.partitions().forEach(partition -> owned.add(topic.id(), partition));
            }
        }
        return owned.build();
    }

    /// What a leader gave a consumer; nothing if that cannot be read.
    static Partitions assigned(byte[] assignment, Catalog catalog) {
        Partitions.Builder assigned = new Partitions.Builder();
        if (assignment.length > 0) {
            try {
                ConsumerProtocol.deserializeConsumerProtocolAssignment(ByteBuffer.wrap(assignment))
                        .assignedPartitions()
                        .forEach(each -> {
                            Topic topic = catalog.find(each.topic());
                            if (topic != null) {
                                each.partitions().forEach(it -> assigned.add(topic.id(), it));
                            }
                        });
            } catch (RuntimeException _) {
                return Partitions.NONE;
            }
        }
        return assigned.build();
    }

    /// An assignment in the version of a consumer's own subscription.
    static byte[] assignment(
            Partitions partitions, List<ClassicMember.Protocol> protocols, Catalog catalog) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        for (UUID id : partitions.topics()) {
            Topic topic = catalog.find(id);
            if (topic != null) {
                ConsumerProtocolAssignment.TopicPartition one =
                        new ConsumerProtocolAssignment.TopicPartition().setTopic(topic.name());
                for (int partition : partitions.of(id)) {
                    one.partitions().add(partition);
                }
                assignment.assignedPartitions().add(one);
            }
        }
        short version =
                ConsumerProtocol.deserializeVersion(
                        ByteBuffer.wrap(protocols.getFirst().metadata()));
        ByteBuffer bytes = ConsumerProtocol.serializeAssignment(assignment, version);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }
}
