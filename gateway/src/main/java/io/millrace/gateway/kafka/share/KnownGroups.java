package io.millrace.gateway.kafka.share;

import io.millrace.broker.DurableTable;
import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which share groups there are and what they drain, beyond a restart. Thread-safe.
///
/// That is all that has to be remembered here: how far they have come is the cursors' to know, and
/// members join again.
final class KnownGroups {
    private static final Bytes NOTHING = Bytes.utf8("");

    private final DurableTable table;
    private final TreeMap<String, TreeSet<String>> topics = new TreeMap<>();

    /// Waits for what is on disk.
    KnownGroups(DurableTable table) {
        this.table = table;
        table.forEach((key, _) -> {
            // No group's name is cut by this: a topic's has no line break.
            int cut = key.lastIndexOf('\n');
            if (cut >= 0) {
                put(key.substring(0, cut), key.substring(cut + 1));
            }
        });
    }

    private boolean put(String group, String topic) {
        return topics.computeIfAbsent(group, _ -> new TreeSet<>()).add(topic);
    }

    /// A group drains a topic from now on. A crash right now forgets no more than that it is
    /// listed.
    synchronized void add(String group, String topic) {
        if (put(group, topic)) {
            var _ = table.write(List.of(new DurableTable.Change(group + "\n" + topic, NOTHING)));
        }
    }

    synchronized void remove(String group, String topic) {
        SortedSet<String> known = topics.get(group);
        if (known != null && known.remove(topic)) {
            var _ = table.write(List.of(new DurableTable.Change(group + "\n" + topic, null)));
        }
    }

    /// Forgets a group.
    synchronized void remove(String group) {
        SortedSet<String> known = topics.remove(group);
        if (known != null && !known.isEmpty()) {
            List<DurableTable.Change> changes = new ArrayList<>();
            known.forEach(
                    topic -> changes.add(new DurableTable.Change(group + "\n" + topic, null)));
            var _ = table.write(changes);
        }
    }

    synchronized boolean contains(String group) {
        return topics.containsKey(group);
    }

    synchronized List<String> topics(String group) {
        return List.copyOf(topics.getOrDefault(group, new TreeSet<>()));
    }

    synchronized List<String> all() {
        return List.copyOf(topics.keySet());
    }
}
