package io.millrace.gateway.kafka.group.consumer;

import io.millrace.broker.Topics.Kind;
import io.millrace.broker.Topics.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// The topics that can be consumed, as they were at one time. Immutable.
public final class Catalog {
    /// Nothing has been seen yet.
    public static final Catalog EMPTY = new Catalog(0, List.of());

    private final long version;
    private final Map<String, Topic> byName = new TreeMap<>();
    private final Map<UUID, Topic> byId = new HashMap<>();

    private Catalog(long version, Collection<Topic> topics) {
        this.version = version;
        for (Topic topic : topics) {
            if (topic.kind() == Kind.STREAM) {
                byName.put(topic.name(), topic);
                byId.put(topic.id(), topic);
            }
        }
    }

    /// The same one if nothing has changed, else one with the next version.
    public Catalog next(Collection<Topic> topics) {
        Catalog next = new Catalog(version + 1, topics);
        return next.byName.equals(byName) && version > 0 ? this : next;
    }

    /// Rises with each change.
    public long version() {
        return version;
    }

    public @Nullable Topic find(String name) {
        return byName.get(name);
    }

    public @Nullable Topic find(UUID id) {
        return byId.get(id);
    }

    /// The name of a topic; empty if it is gone.
    public String name(UUID id) {
        Topic topic = byId.get(id);
        return topic == null ? "" : topic.name();
    }

    public Collection<Topic> all() {
        return byName.values();
    }

    /// As Kafka's messages have a topic's id.
    public static Uuid kafkaId(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /// As Millrace has a topic's id.
    public static UUID id(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
