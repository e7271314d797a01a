package io.millrace.router;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.EventRecords;
import io.millrace.log.Log;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.Marks;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.stream.Mounts;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what subscribers of a [Relay] have missed. Thread-safe; waits for the disk, so it belongs
/// on a virtual thread.
///
/// What retention has taken is left out without a word, and so is what is damaged, which is noted
/// at its partition and logged: a subscriber that follows a place cannot do anything about it.
public final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    private static final int SEARCH_BYTES = 1 << 20;

    private final Supplier<Mounts> mounts;

    Backlog(Supplier<Mounts> mounts) {
        this.mounts = mounts;
    }

    /// Some of what a partition holds.
    ///
    /// @param next where to go on
    /// @param isAtEnd whether there was nothing more to be read at that moment
    public record Piece(List<StoredEvent> events, long next, boolean isAtEnd) {}

    /// The partitions that a pattern reaches now.
    public List<PartitionName> reachedBy(ContextPattern pattern) {
        List<PartitionName> names = new ArrayList<>();
        for (Stream stream : mounts.get().reachedBy(pattern)) {
            stream.partitions().forEach(partition -> names.add(RelayPort.nameOf(partition)));
        }
        return names;
    }

    /// The partition of a stream as it is now; of one that is unknown, a name that nothing has.
    public PartitionName named(String stream, int number) {
        Stream known = mounts.get().named(stream);
        return known == null || number >= known.partitions().size()
                ? new PartitionName(stream, "", number)
                : RelayPort.nameOf(known.partitions().get(number));
    }

    /// Reads a partition from an offset on.
    ///
    /// @param wanted asked on the calling thread
    /// @param eventsMax of those that are wanted
    /// @param bytesMax of the log, roughly
    /// @return `null` if the partition is not there any more
    /// @throws MillraceException DISK_READ_FAILED
    public @Nullable Piece read(
            PartitionName name, long from, Predicate<Context> wanted, int eventsMax, int bytesMax) {
        Partition partition = find(name);
        if (partition == null) {
            return null;
        }
        Log log = partition.log();
        long start = Math.max(from, log.startOffset());
        if (start >= log.readableOffset()) {
            return new Piece(List.of(), start, true);
        }
        try {
            LogSlice slice = log.read(start, bytesMax);
            Collecting collecting =
                    new Collecting(
                            partition, wanted, eventsMax, Math.max(start, slice.nextOffset()));
            slice.forEach(collecting::accept);
            long next = collecting.next;
            return new Piece(collecting.events, next, next >= log.readableOffset());
        } catch (MillraceException e) {
            return behind(partition, start, e);
        }
    }

    private static Piece behind(Partition partition, long from, MillraceException problem) {
        Log log = partition.log();
        if (problem.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
            // Retention was faster.
            return new Piece(List.of(), Math.max(from, log.startOffset()), false);
        }
        if (problem.code() != ErrorCode.PARTITION_CORRUPT) {
            throw problem;
        }
        long intact = Math.max(from + 1, log.nextIntactOffset(from));
        partition.damaged(new Damage(from, intact, problem.problems().getFirst().detail()));
        LOG.warn("Events of {} are left out: {}", partition, problem.getMessage());
        return new Piece(List.of(), intact, false);
    }

    private static final class Collecting {
        private final Partition partition;
        private final Predicate<Context> wanted;
        private final int eventsMax;
        final List<StoredEvent> events = new ArrayList<>();
        long next;

        Collecting(Partition partition, Predicate<Context> wanted, int eventsMax, long next) {
            this.partition = partition;
            this.wanted = wanted;
            this.eventsMax = eventsMax;
            this.next = next;
        }

        void accept(LogRecord record) {
            if (events.size() >= eventsMax) {
                // Not decoded now: the next piece begins here.
                next = Math.min(next, record.offset());
            } else if (wanted.test(EventRecords.context(record, partition.origin()))) {
                events.add(stored(partition, record));
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

    /// The event at an offset; `null` if it is not there any more.
    ///
    /// @throws MillraceException DISK_READ_FAILED
    public @Nullable StoredEvent at(PartitionName name, long offset) {
        Piece piece = read(name, offset, _ -> true, 1, 1);
        return piece == null
                        || piece.events().isEmpty()
                        || piece.events().getFirst().offset() != offset
                ? null
                : piece.events().getFirst();
    }

    /// A place in the log.
    ///
    /// @param endOffset nothing that is recorded there from now on has a lower offset
    public record Place(PartitionName partition, long endOffset) {}

    /// Where an event would be recorded now.
    ///
    /// @param key its `partitionkey`
    public Place placeOf(Context context, @Nullable String key) {
        Stream stream = mounts.get().of(context);
        int number = stream.partitionOf(key == null ? context.path() : key);
        Partition partition = stream.partitions().get(number);
        return new Place(RelayPort.nameOf(partition), partition.log().storedOffset());
    }

    /// Whether an event with those marks was recorded at an offset or behind it.
    ///
    /// @throws MillraceException DISK_READ_FAILED
    public boolean isRecorded(PartitionName name, long from, String publisher, long number) {
        Partition partition = find(name);
        if (partition == null) {
            return false;
        }
        Log log = partition.log();
        long next = Math.max(from, log.startOffset());
        boolean[] found = new boolean[1];
        while (!found[0] && next < log.readableOffset()) {
            long at = next;
            try {
                LogSlice slice = log.read(at, SEARCH_BYTES);
                slice.forEach(record -> {
                    Marks marks = EventRecords.marks(record);
                    found[0] |= marks.number() == number && publisher.equals(marks.publisher());
                });
                next = Math.max(at + 1, slice.nextOffset());
            } catch (MillraceException e) {
                next = behind(partition, at, e).next();
            }
        }
        return found[0];
    }

    private @Nullable Partition find(PartitionName name) {
        Stream stream = mounts.get().named(name.stream());
        if (stream == null || name.number() >= stream.partitions().size()) {
            return null;
        }
        Partition partition = stream.partitions().get(name.number());
        return partition.streamId().equals(name.streamId()) ? partition : null;
    }
}
