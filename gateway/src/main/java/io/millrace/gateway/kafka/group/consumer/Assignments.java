package io.millrace.gateway.kafka.group.consumer;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the members of a consumer group are to have, and when that changes: when members come, go
/// or subscribe to other topics, and when topics do. Only for the coordinator's thread.
public final class Assignments {
    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

    private final List<Assignor> assignors = Assignor.all();
    private Catalog catalog = Catalog.EMPTY;

    private record Subscription(List<String> names, @Nullable String pattern) {}

    /// The topics as they are now.
    public void see(Catalog current) {
        catalog = current;
    }

    public Catalog catalog() {
        return catalog;
    }

    boolean knows(String assignor) {
        return assignors.stream().anyMatch(each -> each.name().equals(assignor));
    }

    /// Has what the members are to have be what it should be.
    ///
    /// @param isSubscriptionChanged whether a member came or wants other topics
    void update(ConsumerGroup group, boolean isSubscriptionChanged) {
        boolean rises = isSubscriptionChanged;
        Map<Subscription, Set<UUID>> resolved = null;
        if (rises || group.catalogVersion != catalog.version()) {
            resolved = resolve(group);
            long hash = hash(resolved);
            rises |= hash != group.topicsHash;
            if (hash != group.topicsHash) {
                group.sawTopics(hash);
            }
            group.catalogVersion = catalog.version();
        }
        if (rises) {
            group.raiseEpoch();
        }
        if (group.epoch() > group.assignmentEpoch()) {
            assign(group, resolved == null ? resolve(group) : resolved);
            group.assignedAt(group.epoch());
        }
    }

    /// The topics of all subscriptions; members with the same one share it.
    private Map<Subscription, Set<UUID>> resolve(ConsumerGroup group) {
        Map<Subscription, Set<UUID>> resolved = new HashMap<>();
        for (ConsumerMember member : group.members()) {
            resolved.computeIfAbsent(subscription(member.profile()), this::topics);
        }
        return resolved;
    }

    private static Subscription subscription(Profile profile) {
        return new Subscription(profile.names(), profile.pattern());
    }

    /// @throws org.apache.kafka.common.errors.InvalidRegularExpression if the pattern cannot be
    ///   used with the topics that are there
    void check(@Nullable String pattern) {
        if (pattern != null && !pattern.isEmpty()) {
            TopicPattern compiled = TopicPattern.of(pattern);
            catalog.all().forEach(topic -> compiled.matches(topic.name()));
        }
    }

    private Set<UUID> topics(Subscription subscription) {
        Set<UUID> ids = new HashSet<>();
        for (String name : subscription.names()) {
            Topic topic = catalog.find(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        String pattern = subscription.pattern();
        if (pattern != null && !pattern.isEmpty()) {
            addMatching(pattern, ids);
        }
        return ids;
    }

    private void addMatching(String pattern, Set<UUID> ids) {
        try {
            TopicPattern compiled = TopicPattern.of(pattern);
            for (Topic topic : catalog.all()) {
                if (compiled.matches(topic.name())) {
                    ids.add(topic.id());
                }
            }
        } catch (InvalidRegularExpression e) {
            // It was checked against the topics of its time; a later one is too much for it.
            LOG.warn(
                    "a pattern that a consumer group has subscribed to is of no use: {}",
                    e.getMessage());
        }
    }

    private int partitions(UUID id) {
        Topic topic = catalog.find(id);
        return topic == null ? 0 : topic.partitions();
    }

    private long hash(Map<Subscription, Set<UUID>> resolved) {
        Set<UUID> all = new HashSet<>();
        resolved.values().forEach(all::addAll);
        long sum = 0;
        for (UUID id : all) {
            sum +=
                    id.getMostSignificantBits() * 31
                            + id.getLeastSignificantBits()
                            + 0x9E3779B97F4A7C15L * partitions(id);
        }
        return sum;
    }

    private void assign(ConsumerGroup group, Map<Subscription, Set<UUID>> resolved) {
        List<Assignor.Candidate> candidates = new ArrayList<>();
        Map<UUID, Integer> counts = new HashMap<>();
        for (Set<UUID> topics : resolved.values()) {
            topics.forEach(id -> counts.put(id, partitions(id)));
        }
        for (ConsumerMember member : group.members()) {
            candidates.add(
                    new Assignor.Candidate(
                            member.id(),
                            member.order(),
                            resolved.getOrDefault(subscription(member.profile()), Set.of()),
                            member.target));
        }
        Map<String, Partitions> targets = chosen(group).assign(candidates, counts);
        for (ConsumerMember member : group.members()) {
            Partitions target = targets.getOrDefault(member.id(), Partitions.NONE);
            if (!target.equals(member.target)) {
                member.target = target.equals(member.assigned) ? member.assigned : target;
                group.changed(member);
            }
        }
    }

    private Assignor chosen(ConsumerGroup group) {
        String name = chosenName(group);
        return assignors.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(assignors.getFirst());
    }

    /// The assignor that most members wish for.
    public String chosenName(ConsumerGroup group) {
        Map<String, Integer> votes = new HashMap<>();
        group.members().stream()
                .map(member -> member.profile().assignor())
                .filter(Objects::nonNull)
                .forEach(wish -> votes.merge(Objects.requireNonNull(wish), 1, Integer::sum));
        return votes.entrySet().stream()
                .max(
                        Map.Entry.<String, Integer>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(assignors.getFirst().name());
    }

    /// The names of the topics that any member has subscribed to.
    public Set<String> subscribed(ConsumerGroup group) {
        Set<String> names = new HashSet<>();
        resolve(group).values().forEach(ids -> ids.forEach(id -> names.add(catalog.name(id))));
        return names;
    }
}
