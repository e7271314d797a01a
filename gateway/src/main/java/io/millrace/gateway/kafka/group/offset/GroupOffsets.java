package io.millrace.gateway.kafka.group.offset;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.RowKey;
import io.millrace.gateway.kafka.group.state.RowKey.Kind;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The offsets of one group: those that are committed, and those of transactions that are not
/// decided. Only for the coordinator's thread.
public final class GroupOffsets {
    private final String group;
    private final Map<String, TopicOffsets> topics = new TreeMap<>();
    private final Map<Long, Pending> pending = new HashMap<>();

    /// Topics with blocks that are not in the table as they are here.
    private final Set<String> changed = new HashSet<>();

    public GroupOffsets(String group) {
        this.group = group;
    }

    /// Visits offsets.
    @FunctionalInterface
    public interface Visitor {
        void visit(String topic, UUID id, int partition, Offset offset);
    }

    public boolean isEmpty() {
        return topics.isEmpty() && pending.isEmpty();
    }

    /// The topics that there are offsets of.
    public Set<String> topics() {
        return Set.copyOf(topics.keySet());
    }

    /// What is committed.
    ///
    /// @param id of the topic as it is now: offsets of one that had its name before do not count
    public @Nullable Offset find(String topic, UUID id, int partition) {
        TopicOffsets offsets = topics.get(topic);
        return offsets == null || !offsets.topic().equals(id) ? null : offsets.get(partition);
    }

    /// Whether a transaction that is not decided commits something there.
    public boolean isUndecided(String topic, int partition) {
        return !pending.isEmpty()
                && pending.values().stream().anyMatch(each -> each.has(topic, partition));
    }

    /// Commits; [#store] has it written.
    public void commit(String topic, UUID id, int partition, Offset offset, Turn turn) {
        TopicOffsets offsets = topics.get(topic);
        if (offsets != null && !offsets.topic().equals(id)) {
            removeTopic(topic, turn);
            offsets = null;
        }
        if (offsets == null) {
            offsets = new TopicOffsets(id);
            topics.put(topic, offsets);
        }
        offsets.set(partition, offset);
        changed.add(topic);
    }

    /// Forgets an offset; [#store] has it written.
    public void remove(String topic, int partition) {
        TopicOffsets offsets = topics.get(topic);
        if (offsets != null) {
            offsets.remove(partition);
            changed.add(topic);
        }
    }

    /// Forgets all offsets of a topic, if it is the one with that id.
    public void removeTopic(String topic, UUID id, Turn turn) {
        TopicOffsets offsets = topics.get(topic);
        if (offsets != null && offsets.topic().equals(id)) {
            removeTopic(topic, turn);
        }
    }

    private void removeTopic(String topic, Turn turn) {
        TopicOffsets offsets = topics.remove(topic);
        if (offsets != null) {
            offsets.numbers().forEach(number -> turn.remove(key(topic, number)));
            offsets.changed.forEach(number -> turn.remove(key(topic, number)));
        }
    }

    public void forEach(Visitor visitor) {
        topics.forEach((topic, offsets) ->
                offsets.forEach((offset, partition) ->
                        visitor.visit(topic, offsets.topic(), partition, offset)));
    }

    /// Adds to what a producer's transaction commits.
    ///
    /// @return `false` if a later epoch of the producer has been here
    public boolean addPending(long producerId, short epoch, Map<Place, Offset> offsets, Turn turn) {
        Pending known = pending.get(producerId);
        if (known != null && known.epoch() > epoch) {
            return false;
        }
        if (known == null || known.epoch() < epoch) {
            known = new Pending(epoch);
            pending.put(producerId, known);
        }
        known.offsets().putAll(offsets);
        turn.put(key(producerId), known.row());
        return true;
    }

    /// Ends a producer's transaction: what it commits counts, but for what has been committed after
    /// it, or is forgotten.
    ///
    /// @param epoch what a later one commits is left alone
    public void complete(long producerId, short epoch, boolean isCommit, Turn turn) {
        Pending decided = pending.get(producerId);
        if (decided == null || decided.epoch() > epoch) {
            return;
        }
        pending.remove(producerId);
        turn.remove(key(producerId));
        if (isCommit) {
            decided.offsets()
                    .forEach((place, offset) -> {
                        Offset now = find(place.topic(), place.id(), place.partition());
                        if (now == null || now.committedAt() <= offset.committedAt()) {
                            commit(place.topic(), place.id(), place.partition(), offset, turn);
                        }
                    });
            store(turn);
        }
    }

    /// Writes what has changed.
    public void store(Turn turn) {
        for (String topic : changed) {
            TopicOffsets offsets = topics.get(topic);
            if (offsets != null) {
                store(topic, offsets, turn);
            }
        }
        changed.clear();
    }

    private void store(String topic, TopicOffsets offsets, Turn turn) {
        for (int number : offsets.changed) {
            OffsetBlock block = offsets.block(number);
            if (block == null) {
                turn.remove(key(topic, number));
            } else {
                turn.put(key(topic, number), block.row(offsets.topic()));
            }
        }
        offsets.changed.clear();
        if (offsets.isEmpty()) {
            topics.remove(topic);
        }
    }

    /// Takes everything out of the table.
    public void unstore(Turn turn) {
        topics().forEach(topic -> removeTopic(topic, turn));
        pending.keySet().forEach(producerId -> turn.remove(key(producerId)));
        pending.clear();
    }

    private RowKey key(String topic, int number) {
        return new RowKey(Kind.OFFSETS, group, number + ":" + topic);
    }

    private RowKey key(long producerId) {
        return new RowKey(Kind.PENDING, group, Long.toString(producerId));
    }

    /// Takes over a block of committed offsets from the table.
    public void restoreBlock(String part, Bytes row) {
        int colon = part.indexOf(':');
        OffsetBlock block = new OffsetBlock();
        UUID id = block.restore(row);
        topics.computeIfAbsent(part.substring(colon + 1), _ -> new TopicOffsets(id))
                .restore(Integer.parseInt(part.substring(0, colon)), block);
    }

    /// Takes over what a transaction commits from the table.
    public void restorePending(String part, Bytes row) {
        pending.put(Long.parseLong(part), Pending.of(row));
    }
}
