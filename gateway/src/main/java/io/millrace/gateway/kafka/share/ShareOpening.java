package io.millrace.gateway.kafka.share;

import io.millrace.broker.Shares;
import io.millrace.broker.Topics;
import io.millrace.broker.share.Share;
import io.millrace.error.MillraceException;
import io.millrace.security.Principal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Finds what groups drain. Thread-safe.
final class ShareOpening {
    private final ShareGround ground;
    private final ShareSettings settings;
    private final KnownGroups known;

    ShareOpening(ShareGround ground, ShareSettings settings, KnownGroups known) {
        this.ground = ground;
        this.settings = settings;
        this.known = known;
    }

    static UUID id(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static Uuid id(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /// Which of a member's topics are not open yet, and there.
    Map<Uuid, Topics.Topic> closed(
            Principal principal, ShareMember member, Collection<SharedPartition> partitions) {
        Map<Uuid, Topics.Topic> closed = new HashMap<>();
        for (SharedPartition partition : partitions) {
            Uuid id = partition.topic();
            if (!closed.containsKey(id) && member.share(id) == null) {
                Topics.Topic topic = ground.topics().find(principal, id(id));
                if (topic != null) {
                    closed.put(id, topic);
                }
            }
        }
        return closed;
    }

    /// Opens what a group drains of a topic. Waits.
    ///
    /// @throws MillraceException as [Shares#open]
    Share open(Principal principal, String group, Topics.Topic topic) {
        Share share =
                ground.shares()
                        .open(
                                principal,
                                group,
                                topic,
                                new Shares.NewShare(
                                        settings.start(group),
                                        settings.lease(group),
                                        settings.deliveriesMax(group)));
        known.add(group, topic.name());
        return share;
    }

    /// What a group drains of a topic, if it ever did. Waits.
    @Nullable Share find(Principal principal, String group, Topics.Topic topic) {
        return ground.shares().find(principal, group, topic);
    }
}
