package io.millrace.broker;

import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One life of a stream, from its creation to its deletion.
final class ModelStream {
    final String name;
    final Context mount;
    final Cleanup cleanup;
    final TreeMap<Integer, ModelPartition> partitions = new TreeMap<>();

    /// The partitions of keys, as far as they were seen.
    final TreeMap<String, Integer> routes = new TreeMap<>();

    /// What it may be like: one thing, or several while nobody knows whether a change was recorded.
    /// `null` among them is its absence.
    final List<@Nullable StreamResource> possible = new ArrayList<>();

    /// The shortest time that it ever kept events for, or `null`.
    private @Nullable Duration retentionMin;

    /// Whether it is about to be changed at this moment.
    boolean isChanging;

    private final int life;

    /// @param life tells it from earlier streams of its name
    ModelStream(StreamResource resource, int life) {
        this.life = life;
        this.name = resource.name();
        this.mount = resource.mount();
        this.cleanup = resource.cleanup();
    }

    ModelPartition partition(int number) {
        return partitions.computeIfAbsent(number, n -> new ModelPartition(this, n));
    }

    /// It is not like what was thought of last.
    void isNot() {
        possible.removeLast();
    }

    /// It is like this for sure.
    void is(@Nullable StreamResource resource) {
        possible.clear();
        maybe(resource);
    }

    /// It may be like this as well.
    void maybe(@Nullable StreamResource resource) {
        possible.add(resource);
        Duration time = resource == null ? null : resource.retentionTime();
        if (time != null && (retentionMin == null || time.compareTo(retentionMin) < 0)) {
            retentionMin = time;
        }
    }

    @Nullable Duration retentionMin() {
        return retentionMin;
    }

    boolean isCompacted() {
        return cleanup == Cleanup.COMPACT;
    }

    /// Whether what is acknowledged now is on disk.
    boolean isSynced() {
        return !isChanging
                && possible.stream()
                        .allMatch(r -> r != null && r.durability() == Durability.SYNCED);
    }

    @Override
    public String toString() {
        return name + "#" + life;
    }
}
