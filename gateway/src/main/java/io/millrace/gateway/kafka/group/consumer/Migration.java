package io.millrace.gateway.kafka.group.consumer;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import io.millrace.gateway.kafka.group.classic.ClassicRebalance;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Classic;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Client;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Profile;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Groups that change their protocol while members are in them, in both directions, as Kafka's
/// migration policy `bidirectional`. Only for the coordinator's thread.
public final class Migration {
    private Migration() {}

    /// Makes a consumer group of a classic group of consumers, because a member joins that speaks
    /// the new protocol. Everyone keeps what it has; who waits for an answer is to join again.
    ///
    /// @return `null` if its members are no consumers
    public static @Nullable ConsumerGroup upgrade(
            ClassicGroup classic, GroupConfig config, Catalog catalog, Turn turn) {
        boolean areConsumers =
                EmbeddedProtocol.TYPE.equals(classic.protocolType())
                        && classic.members().stream().allMatch(each -> subscription(each) != null);
        if (!areConsumers) {
            return null;
        }
        ConsumerGroup group = new ConsumerGroup(classic.id(), config, turn.now());
        group.begin(classic.generation());
        for (ClassicMember each : classic.members()) {
            ConsumerProtocolSubscription subscription = subscription(each);
            if (subscription != null) {
                group.add(upgraded(each, subscription, classic.generation(), group, catalog));
            }
        }
        classic.abandon(turn, Errors.REBALANCE_IN_PROGRESS);
        classic.unstore(turn);
        group.members().forEach(member -> group.touch(member, turn.now()));
        return group;
    }

    private static @Nullable ConsumerProtocolSubscription subscription(ClassicMember member) {
        List<ClassicMember.Protocol> protocols = member.terms().protocols();
        return protocols.isEmpty()
                ? null
                : EmbeddedProtocol.subscriptionOrNull(protocols.getFirst().metadata());
    }

    private static ConsumerMember upgraded(
            ClassicMember old,
            ConsumerProtocolSubscription subscription,
            int generation,
            ConsumerGroup group,
            Catalog catalog) {
        ClassicMember.Identity identity = old.identity();
        ClassicMember.Terms terms = old.terms();
        ConsumerMember member =
                new ConsumerMember(
                        old.id(),
                        new Profile(
                                identity.instanceId(),
                                subscription.rackId(),
                                new Client(identity.clientId(), identity.host()),
                                terms.rebalanceMillis(),
                                null,
                                List.copyOf(new TreeSet<>(subscription.topics())),
                                null,
                                new Classic(terms.sessionMillis(), terms.protocols())));
        member.epoch = generation;
        member.previousEpoch = generation;
        // What a leader gave to two by mistake is the first one's.
        member.assigned =
                EmbeddedProtocol.assigned(old.assignment(), catalog)
                        .where((topic, p) -> group.owners.isFreeFor(old.id(), topic, p));
        member.target = member.assigned;
        group.owners.take(member.id(), member.assigned);
        return member;
    }

    /// Whether the last member that speaks the new protocol has left others behind.
    public static boolean isToDowngrade(ConsumerGroup group) {
        return !group.isEmpty() && group.hasOnlyClassic(null);
    }

    /// Makes a classic group of a consumer group, whose members share out anew.
    public static ClassicGroup downgrade(
            ConsumerGroup group, GroupConfig config, Catalog catalog, Turn turn) {
        ClassicGroup classic = new ClassicGroup(group.id(), config, turn.now());
        for (ConsumerMember each : group.members()) {
            Classic terms = each.profile().classic();
            if (terms != null) {
                Client client = each.profile().client();
                ClassicMember member =
                        new ClassicMember(
                                new ClassicMember.Identity(
                                        each.id(),
                                        each.profile().instanceId(),
                                        client.id(),
                                        client.host()),
                                new ClassicMember.Terms(
                                        terms.sessionMillis(),
                                        each.profile().rebalanceMillis(),
                                        terms.protocols()));
                member.assign(
                        EmbeddedProtocol.assignment(each.target(), terms.protocols(), catalog));
                classic.add(member, EmbeddedProtocol.TYPE);
            }
        }
        group.unstore(turn);
        classic.settle(Math.max(group.epoch(), group.assignmentEpoch()), turn.now());
        classic.store(turn);
        ClassicRebalance.prepare(classic, turn);
        return classic;
    }
}
