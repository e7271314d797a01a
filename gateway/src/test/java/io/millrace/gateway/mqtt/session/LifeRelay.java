package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Live events on their way from the log to the one event loop of a random life: a shard that
/// dispatches what is stored, and a queue that takes only a few events.
final class LifeRelay {
    private final LifeLog log;
    private final int queueMax;
    private final Map<PartitionName, Long> dispatched;
    private final Map<String, Integer> followed = new LinkedHashMap<>();
    private final Set<PartitionName> lossy = new HashSet<>();
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private int held;

    sealed interface Item {
        record Live(PartitionName partition, StoredEvent event) implements Item {}

        record Gap(PartitionName partition, long fromOffset) implements Item {}

        record Mark(Map<PartitionName, Long> offsets, Runnable done) implements Item {}
    }

    LifeRelay(LifeLog log, int queueMax) {
        this.log = log;
        this.queueMax = queueMax;
        this.dispatched = log.ends();
    }

    void follow(String filter, Runnable done) {
        tasks.add(() -> {
            followed.merge(filter, 1, Integer::sum);
            mark(List.of(filter), done);
        });
    }

    void unfollow(String filter) {
        tasks.add(() -> followed.computeIfPresent(filter, (_, n) -> n == 1 ? null : n - 1));
    }

    void markAll() {
        tasks.add(() -> mark(List.of("#"), () -> {}));
    }

    private void mark(List<String> filters, Runnable done) {
        Map<PartitionName, Long> offsets = new HashMap<>();
        for (PartitionName each : LifeLog.PARTITIONS) {
            if (filters.stream().anyMatch(filter -> LifeLog.reaches(filter, each))) {
                offsets.put(each, dispatched.getOrDefault(each, 0L));
                lossy.remove(each);
            }
        }
        queue.add(new Item.Mark(offsets, done));
    }

    /// The shard does one of the things that it was asked for.
    boolean work() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /// The shard dispatches an event.
    boolean dispatch(PartitionName partition) {
        long next = dispatched.getOrDefault(partition, 0L);
        if (next >= log.end(partition)) {
            return false;
        }
        StoredEvent event = log.of(partition).get((int) next);
        dispatched.put(partition, next + 1);
        String topic = LifeLog.topic(event);
        if (followed.keySet().stream().noneMatch(each -> LifeLog.covers(each, topic))) {
            return true;
        }
        if (held < queueMax) {
            held++;
            lossy.remove(partition);
            queue.add(new Item.Live(partition, event));
        } else if (lossy.add(partition)) {
            queue.add(new Item.Gap(partition, next));
        }
        return true;
    }

    List<Item> drain() {
        List<Item> all = List.copyOf(queue);
        queue.clear();
        held = 0;
        return all;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /// What was handed to the loop for certain.
    Map<PartitionName, Long> handedOver() {
        Map<PartitionName, Long> all = new HashMap<>(dispatched);
        for (Item each : queue) {
            switch (each) {
                case Item.Live(PartitionName partition, StoredEvent event) ->
                        all.merge(partition, event.offset(), Math::min);
                case Item.Gap(PartitionName partition, long from) ->
                        all.merge(partition, from, Math::min);
                case Item.Mark _ -> {
                    // Says nothing of events.
                }
            }
        }
        return all;
    }
}
