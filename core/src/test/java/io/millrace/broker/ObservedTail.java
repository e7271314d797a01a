package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.stream.StreamSet;
import io.millrace.event.ContextPattern;
import io.millrace.router.Tail;
import io.millrace.stream.StoredEvent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A reader that follows a pattern, and what it must be given next in each partition.
final class ObservedTail {
    private final @Nullable Tail tail;

    /// The model's life when it was opened.
    final int life;

    final ContextPattern pattern;
    private final Map<ModelPartition, Due> due;
    private long systemOffset = -1;

    /// Where a tail is in one partition.
    ///
    /// @param from offsets below must not come
    /// @param must matching events from here on must come; between the two they may
    /// @param optional members of batches that were published before this publish may come or not:
    ///   a part of a batch can be given out before the answer to the whole
    record Due(long from, long must, int optional) {
        Due(long from) {
            this(from, from, 0);
        }
    }

    /// A position that was given out, with what is due behind it.
    ///
    /// @param life the model's at that time
    record Saved(String position, ContextPattern pattern, Map<ModelPartition, Due> due, int life) {}

    /// Brings events to the model's notice that have no entry yet.
    interface Reading {
        void observe(ModelPartition partition, long from, long to);
    }

    /// @param tail `null` for a read
    ObservedTail(
            @Nullable Tail tail, ContextPattern pattern, Map<ModelPartition, Due> due, int life) {
        this.life = life;
        this.tail = tail;
        this.pattern = pattern;
        this.due = new HashMap<>(due);
    }

    Tail open() {
        if (tail == null) {
            throw new AssertionError("a read, not a tail");
        }
        return tail;
    }

    /// It was given an event.
    void given(Tail.Item item, BrokerModel model, Reading reading) {
        StoredEvent stored = item.event();
        check(pattern.matches(stored.context()), "%s does not cover %s", pattern, stored);
        if (stored.stream().equals(StreamSet.SYSTEM)) {
            check(stored.offset() > systemOffset, "%s after %d", stored, systemOffset);
            systemOffset = stored.offset();
            return;
        }
        ModelPartition partition = model.seen(stored);
        Due now = due(partition);
        long offset = stored.offset();
        check(offset >= now.from, "%s is due from %d on, but %s came", partition, now.from, stored);
        missing(partition, now, offset, reading, stored);
        due.put(partition, new Due(offset + 1));
    }

    Due due(ModelPartition partition) {
        // What was created later is due as a whole.
        return due.getOrDefault(partition, new Due(0));
    }

    void missing(
            ModelPartition partition,
            Due due,
            long to,
            Reading reading,
            @Nullable StoredEvent next) {
        long from = due.must;
        if (from >= to) {
            return;
        }
        reading.observe(partition, from, to);
        partition
                .entries
                .subMap(from, to)
                .forEach((offset, entry) -> {
                    boolean isDue =
                            (entry.attempt.isAlone || entry.attempt.publish >= due.optional)
                                    && pattern.matches(entry.attempt.context)
                                    && !partition.mayBeCompacted(offset, entry.attempt);
                    check(
                            !isDue,
                            "%s was left out by the tail of %s, due from %d; it came %s",
                            entry.attempt,
                            pattern,
                            from,
                            next);
                });
    }

    /// Nothing comes any more although everything is at rest: nothing may be due.
    void ended(BrokerModel model, Reading reading) {
        for (ModelStream stream : model.streams.values()) {
            for (ModelPartition partition : stream.partitions.values()) {
                missing(partition, due(partition), partition.acknowledgedEnd, reading, null);
            }
        }
    }

    @Nullable Saved save(@Nullable String position, int life) {
        return position == null || position.isEmpty()
                ? null
                : new Saved(position, pattern, new HashMap<>(due), life);
    }
}
