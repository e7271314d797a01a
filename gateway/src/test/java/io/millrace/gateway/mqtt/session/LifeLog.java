package io.millrace.gateway.mqtt.session;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Marks;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The log of a random life: lists of events in three partitions, of which two belong to topics
/// that begin with `a` and one to those that begin with `b`.
final class LifeLog {
    static final List<PartitionName> PARTITIONS =
            List.of(
                    new PartitionName("a", "a-1", 0),
                    new PartitionName("a", "a-1", 1),
                    new PartitionName("b", "b-1", 0));
    static final List<String> TOPICS = List.of("a/x", "a/y", "a/z", "b/x", "b/y");
    static final List<String> FILTERS =
            List.of("a/x", "a/+", "+/x", "#", "b/#", "b/y", "a/#", "+/y");

    private final List<List<StoredEvent>> events =
            List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    static PartitionName partitionOf(String topic) {
        if (topic.startsWith("b")) {
            return PARTITIONS.get(2);
        }
        return PARTITIONS.get(topic.endsWith("x") ? 0 : 1);
    }

    /// Whether a filter covers a topic; written without the gateway's own.
    static boolean covers(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true;
            }
            if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }

    /// Whether a filter's stream has that partition.
    static boolean reaches(String filter, PartitionName partition) {
        String first = filter.split("/", -1)[0];
        return first.equals("#") || first.equals("+") || first.equals(partition.stream());
    }

    List<StoredEvent> of(PartitionName partition) {
        return events.get(PARTITIONS.indexOf(partition));
    }

    long end(PartitionName partition) {
        return of(partition).size();
    }

    Map<PartitionName, Long> ends() {
        Map<PartitionName, Long> ends = new HashMap<>();
        PARTITIONS.forEach(each -> ends.put(each, end(each)));
        return ends;
    }

    static String topic(StoredEvent event) {
        return event.context().path().substring(1);
    }

    StoredEvent append(String topic, String text, Marks marks) {
        PartitionName partition = partitionOf(topic);
        List<StoredEvent> all = of(partition);
        Event event =
                Event.builder()
                        .id(text)
                        .source("/test")
                        .type("test")
                        .data(Bytes.utf8(text))
                        .build();
        StoredEvent stored =
                new StoredEvent(
                        partition.stream(),
                        partition.number(),
                        all.size(),
                        0,
                        Context.of("/" + topic),
                        event,
                        marks);
        all.add(stored);
        return stored;
    }
}
