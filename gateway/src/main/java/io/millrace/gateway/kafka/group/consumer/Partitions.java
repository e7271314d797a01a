package io.millrace.gateway.kafka.group.consumer;

import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// A set of partitions of several topics. Immutable.
public final class Partitions {
    /// No partitions.
    public static final Partitions NONE = new Partitions(Map.of());

    private static final int[] NO_NUMBERS = {};

    /// Sorted numbers, never empty.
    private final Map<UUID, int[]> byTopic;

    private Partitions(Map<UUID, int[]> byTopic) {
        this.byTopic = byTopic;
    }

    /// Collects partitions one after the other, in any order.
    public static final class Builder {
        private final Map<UUID, BitSet> byTopic = new HashMap<>();
        private int count;

        /// Adds a partition; `false` if it is there.
        public boolean add(UUID topic, int partition) {
            BitSet bits = byTopic.computeIfAbsent(topic, _ -> new BitSet());
            if (bits.get(partition)) {
                return false;
            }
            bits.set(partition);
            count++;
            return true;
        }

        void remove(UUID topic, int partition) {
            BitSet bits = byTopic.get(topic);
            if (bits != null && bits.get(partition)) {
                bits.clear(partition);
                count--;
            }
        }

        int count() {
            return count;
        }

        public Partitions build() {
            Map<UUID, int[]> done = HashMap.newHashMap(byTopic.size());
            byTopic.forEach((topic, bits) -> {
                if (!bits.isEmpty()) {
                    done.put(topic, bits.stream().toArray());
                }
            });
            return done.isEmpty() ? NONE : new Partitions(done);
        }
    }

    public boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /// How many there are.
    public int count() {
        return byTopic.values().stream().mapToInt(numbers -> numbers.length).sum();
    }

    public Set<UUID> topics() {
        return byTopic.keySet();
    }

    /// The partitions of a topic, sorted; not to be written to.
    public int[] of(UUID topic) {
        return byTopic.getOrDefault(topic, NO_NUMBERS);
    }

    public boolean contains(UUID topic, int partition) {
        int @Nullable [] numbers = byTopic.get(topic);
        return numbers != null && Arrays.binarySearch(numbers, partition) >= 0;
    }

    public boolean containsAll(Partitions others) {
        return others.where((topic, partition) -> !contains(topic, partition)).isEmpty();
    }

    /// Whether the two have a partition in common.
    public boolean meets(Partitions others) {
        return !where(others::contains).isEmpty();
    }

    /// Those that a test is true of.
    public Partitions where(BiPredicate<UUID, Integer> test) {
        Builder some = new Builder();
        byTopic.forEach((topic, numbers) -> {
            for (int partition : numbers) {
                if (test.test(topic, partition)) {
                    some.add(topic, partition);
                }
            }
        });
        return some.count() == count() ? this : some.build();
    }

    public Partitions plus(Partitions others) {
        if (others.isEmpty()) {
            return this;
        }
        Builder all = new Builder();
        addTo(all);
        others.addTo(all);
        return all.build();
    }

    private void addTo(Builder all) {
        byTopic.forEach((topic, numbers) -> {
            for (int partition : numbers) {
                all.add(topic, partition);
            }
        });
    }

    void writeTo(RowWriter row) {
        row.number(byTopic.size());
        byTopic.forEach((topic, numbers) -> {
            row.id(topic).number(numbers.length);
            int last = 0;
            for (int partition : numbers) {
                row.number(partition - last);
                last = partition;
            }
        });
    }

    static Partitions readFrom(RowReader row) {
        int topics = row.integer();
        Builder all = new Builder();
        for (int i = 0; i < topics; i++) {
            UUID topic = row.id();
            int count = row.integer();
            int last = 0;
            for (int j = 0; j < count; j++) {
                last += row.integer();
                all.add(topic, last);
            }
        }
        return all.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Partitions that
                && byTopic.size() == that.byTopic.size()
                && byTopic.entrySet().stream()
                        .allMatch(each -> Arrays.equals(each.getValue(), that.of(each.getKey())));
    }

    @Override
    public int hashCode() {
        return byTopic.entrySet().stream()
                .mapToInt(each -> each.getKey().hashCode() ^ Arrays.hashCode(each.getValue()))
                .sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        byTopic.forEach((topic, numbers) ->
                text.append(topic).append('=').append(Arrays.toString(numbers)));
        return text.append('}').toString();
    }
}
