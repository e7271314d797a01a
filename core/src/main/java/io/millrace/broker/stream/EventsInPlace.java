package io.millrace.broker.stream;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.log.EventRecords;
import io.millrace.log.Log;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.shard.Partition;
import io.millrace.stream.ContextNode.Newest;
import io.millrace.stream.ContextNode.Place;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of contexts, as they are kept or read back from where they are; those of one
/// partition in the order of the log, so that neighbours are read once. Thread-safe.
final class EventsInPlace {
    /// Offsets so close are likely to be in the same or the next batch.
    private static final int NEAR = 64;

    private static final int SLICE_BYTES = 64 << 10;

    private final StreamSet streams;

    EventsInPlace(StreamSet streams) {
        this.streams = streams;
    }

    /// What a context has.
    record Wanted(Context context, Newest known) {}

    /// One that has to be read.
    private record Reading(int index, Context context, long offset) {}

    /// What was read so far.
    private static final class Budget {
        private final @Nullable StoredEvent[] found;
        private final long bytesMax;
        private int events;
        private long bytes;

        Budget(int count, long bytesMax) {
            this.found = new StoredEvent[count];
            this.bytesMax = bytesMax;
        }

        void found(int index, StoredEvent event) {
            Bytes data = event.event().data();
            found[index] = event;
            bytes += data == null ? 0 : data.length();
            events++;
        }

        boolean isSpent() {
            return bytes > bytesMax && events < found.length;
        }
    }

    @Nullable StoredEvent one(Context context, Newest known) {
        return all(List.of(new Wanted(context, known)), Long.MAX_VALUE).getFirst();
    }

    /// Events in the order of what is wanted, `null` for those that are gone. As many from the
    /// beginning on as have about so many bytes; at least one.
    List<@Nullable StoredEvent> all(List<Wanted> wanted, long bytesMax) {
        List<Wanted> some = wanted;
        while (true) {
            Budget budget = new Budget(some.size(), bytesMax);
            read(some, budget);
            if (!budget.isSpent()) {
                return Arrays.asList(budget.found);
            }
            some = some.subList(0, Math.max(1, Math.min(some.size() / 2, budget.events)));
        }
    }

    private void read(List<Wanted> wanted, Budget budget) {
        Map<Partition, List<Reading>> byPartition = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            Wanted each = wanted.get(i);
            Partition partition = partition(each.known.receipt());
            if (partition == null) {
                continue;
            }
            switch (each.known) {
                // What is in memory already counts for nothing.
                case StoredEvent event -> budget.found[i] = event;
                case Place(Receipt receipt, long _) ->
                        byPartition
                                .computeIfAbsent(partition, _ -> new ArrayList<>())
                                .add(new Reading(i, each.context, receipt.offset()));
            }
        }
        for (Map.Entry<Partition, List<Reading>> each : byPartition.entrySet()) {
            each.getValue().sort(Comparator.comparingLong(Reading::offset));
            read(each.getKey(), each.getValue(), budget);
        }
    }

    /// Where the record should be; `null` if it is gone.
    private @Nullable Partition partition(Receipt receipt) {
        Stream stream = streams.named(receipt.stream());
        if (stream == null || receipt.partition() >= stream.partitions().size()) {
            return null;
        }
        Partition partition = stream.partitions().get(receipt.partition());
        Log log = partition.log();
        boolean isThere =
                receipt.offset() >= log.startOffset() && receipt.offset() < log.endOffset();
        return isThere ? partition : null;
    }

    private static void read(Partition partition, List<Reading> sorted, Budget budget) {
        int at = 0;
        while (at < sorted.size() && !budget.isSpent()) {
            long offset = sorted.get(at).offset;
            boolean isNear = at + 1 < sorted.size() && sorted.get(at + 1).offset - offset < NEAR;
            try {
                LogSlice slice = partition.log().read(offset, isNear ? SLICE_BYTES : 1);
                Pick pick = new Pick(partition, sorted, at, budget);
                slice.forEach(pick::visit);
                at = Math.max(at + 1, pick.behind(slice.nextOffset()));
            } catch (MillraceException _) {
                // Retention took it, or it is damaged: reading the stream tells which.
                at++;
            }
        }
    }

    /// Takes what is wanted from a slice.
    private static final class Pick {
        private final Partition partition;
        private final List<Reading> sorted;
        private final Budget budget;
        private int at;

        Pick(Partition partition, List<Reading> sorted, int at, Budget budget) {
            this.partition = partition;
            this.sorted = sorted;
            this.at = at;
            this.budget = budget;
        }

        /// The first that is at or behind an offset.
        int behind(long offset) {
            while (at < sorted.size() && sorted.get(at).offset < offset) {
                at++;
            }
            return at;
        }

        void visit(LogRecord record) {
            int next = behind(record.offset());
            if (next == sorted.size() || sorted.get(next).offset != record.offset()) {
                return;
            }
            Reading wanted = sorted.get(next);
            // Otherwise it is of an earlier stream of that name.
            if (EventRecords.context(record, partition.origin()).equals(wanted.context)) {
                budget.found(wanted.index, stored(partition, record));
            }
        }
    }

    private static StoredEvent stored(Partition partition, LogRecord record) {
        EventRecords.Recorded recorded = EventRecords.decode(record, partition.origin());
        return new StoredEvent(
                partition.stream(),
                partition.number(),
                record.offset(),
                record.timestampMillis(),
                recorded.context(),
                recorded.event(),
                recorded.marks());
    }
}
