package io.millrace.group;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.io.Agent;
import io.millrace.io.Wakeup;
import io.millrace.log.EventRecords;
import io.millrace.log.Log;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.LogState;
import io.millrace.log.ReadBuffer;
import io.millrace.shard.Partition;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads from the logs for cursors that are behind, beside the shards: one piece for each at a
/// time, so that none waits long for another.
final class Pump implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final int SLICE_BYTES = 256 << 10;
    private static final int SLICES_MAX = 16;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ReadBuffer buffer = ReadBuffer.reused(SLICE_BYTES);
    private volatile @Nullable Wakeup wakeup;

    void wakeup(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /// What to read.
    ///
    /// @param to everything below is readable
    /// @param eventsMax wanted events at most
    /// @param undecoded whether nobody wants more of them than their offsets
    record Scan(
            Partition partition,
            EventRules rules,
            long from,
            long to,
            int eventsMax,
            boolean undecoded) {}

    /// What was found.
    ///
    /// @param startedAt where reading could begin: behind what was asked for if retention or damage
    ///   took the rest
    /// @param filteredBehind not wanted, behind the last wanted one
    /// @param next all below was looked at
    record Found(long startedAt, List<Candidate> candidates, long filteredBehind, long next) {}

    /// Single events.
    ///
    /// @param unreadable the disk has failed with those, and may not the next time
    record Fetched(Map<Long, StoredEvent> events, Set<Long> unreadable) {}

    /// Thread-safe.
    ///
    /// @param whenDone called on the pump's thread; `null` if the log is closed, or the disk fails
    void scan(Scan scan, Consumer<@Nullable Found> whenDone) {
        enter(() -> whenDone.accept(read(scan)));
    }

    /// Reads single events. Thread-safe.
    ///
    /// @param whenDone called on the pump's thread with those that are still there; `null` if the
    ///   log is closed
    void fetch(Partition partition, List<Long> offsets, Consumer<@Nullable Fetched> whenDone) {
        enter(() -> whenDone.accept(read(partition, offsets)));
    }

    private void enter(Runnable task) {
        tasks.add(task);
        Wakeup waker = wakeup;
        if (waker != null) {
            waker.wake();
        }
    }

    @Override
    public String name() {
        return "pump";
    }

    @Override
    public boolean hasWork() {
        return !tasks.isEmpty();
    }

    @Override
    public int doWork() {
        Runnable task = tasks.poll();
        if (task == null) {
            return 0;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("Reading for a cursor failed", e);
        }
        return 1;
    }

    private @Nullable Found read(Scan scan) {
        Reading reading = new Reading(scan, buffer);
        try {
            for (int i = 0; i < SLICES_MAX && !reading.isDone(); i++) {
                reading.next();
            }
        } catch (MillraceException e) {
            if (isClosed(scan.partition)) {
                return null;
            }
            // Events before are handed over first; what is wrong comes up again then.
            if (reading.scanned == scan.from && !reading.skip(e)) {
                return null;
            }
        }
        return reading.found();
    }

    /// One scan in progress.
    private static final class Reading {
        private final Scan scan;
        private final ReadBuffer buffer;
        private final Log log;
        private final List<Candidate> candidates = new ArrayList<>();

        /// Records without these need not be decoded; `null` if all have to be.
        private final @Nullable List<String> decisive;

        private final @Nullable ContextPattern pattern;

        private @Nullable Context lastContext;
        private boolean isLastCovered;
        private long startedAt;
        private long scanned;
        private long filtered;
        private boolean isFull;

        Reading(Scan scan, ReadBuffer buffer) {
            this.scan = scan;
            this.buffer = buffer;
            this.log = scan.partition.log();
            this.decisive = scan.undecoded ? decisive(scan.rules) : null;
            this.pattern = scan.rules.pattern();
            this.startedAt = scan.from;
            this.scanned = scan.from;
        }

        boolean isDone() {
            return isFull || scanned >= scan.to;
        }

        void next() {
            long start = log.startOffset();
            if (scanned < start && scanned == scan.from) {
                startedAt = Math.min(start, scan.to);
                scanned = startedAt;
                return;
            }
            LogSlice slice = log.read(scanned, buffer);
            long behind = Math.max(slice.nextOffset(), scanned + 1);
            slice.forEach(this::accept);
            if (!isFull) {
                scanned = Math.min(behind, scan.to);
            }
        }

        private void accept(LogRecord record) {
            if (isFull || record.offset() >= scan.to) {
                return;
            }
            if (candidates.size() >= scan.eventsMax) {
                isFull = true;
                scanned = record.offset();
                return;
            }
            if (pattern != null && !isCovered(pattern, record)) {
                return;
            }
            if (decisive != null && EventRecords.lacks(record, decisive)) {
                candidates.add(
                        Candidate.usual(
                                record.offset(),
                                record.lastOfBatch(),
                                record.valueLength(),
                                filtered));
                filtered = 0;
                return;
            }
            StoredEvent event = event(scan.partition, record);
            if (scan.rules.wants(event)) {
                candidates.add(Candidate.of(scan.rules, event, record.lastOfBatch(), filtered));
                filtered = 0;
            } else {
                filtered++;
            }
        }

        /// Most records of a log have the context of the one before.
        private boolean isCovered(ContextPattern pattern, LogRecord record) {
            Context context = EventRecords.context(record, scan.partition.origin());
            if (lastContext == null || !context.equals(lastContext)) {
                lastContext = context;
                isLastCovered = pattern.matches(context);
            }
            return isLastCovered;
        }

        /// Goes on behind what cannot be read.
        ///
        /// @return whether there is a way on
        boolean skip(MillraceException e) {
            if (e.code() == ErrorCode.DISK_READ_FAILED) {
                // Nothing is known to be lost.
                LOG.warn("{}: {}", scan.partition, e.getMessage());
                return false;
            }
            long start = log.startOffset();
            long intact =
                    e.code() == ErrorCode.OFFSET_OUT_OF_RANGE
                            ? start
                            : log.nextIntactOffset(scanned);
            if (intact <= scanned) {
                return false;
            }
            LOG.error(
                    "Events of {} from offset {} to {} are lost to a subscription or queue: {}",
                    scan.partition,
                    scanned,
                    intact - 1,
                    e.getMessage());
            startedAt = Math.min(intact, scan.to);
            scanned = startedAt;
            return true;
        }

        Found found() {
            return new Found(startedAt, candidates, filtered, scanned);
        }
    }

    private static boolean isClosed(Partition partition) {
        return partition.log().state() instanceof LogState.Closed;
    }

    private static @Nullable List<String> decisive(EventRules rules) {
        List<String> extensions = rules.decisiveExtensions();
        return extensions == null ? null : extensions.stream().map(EventRecords::headerOf).toList();
    }

    private static StoredEvent event(Partition partition, LogRecord record) {
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

    private static @Nullable Fetched read(Partition partition, List<Long> offsets) {
        Map<Long, StoredEvent> found = new HashMap<>();
        Set<Long> unreadable = new HashSet<>();
        TreeSet<Long> sorted = new TreeSet<>(offsets);
        for (long offset : sorted) {
            if (found.containsKey(offset)) {
                continue;
            }
            try {
                partition
                        .log()
                        .read(offset, 1)
                        .forEach(record -> {
                            // Neighbours come in the same batch.
                            if (sorted.contains(record.offset())) {
                                found.put(record.offset(), event(partition, record));
                            }
                        });
            } catch (MillraceException e) {
                if (isClosed(partition)) {
                    return null;
                }
                if (e.code() == ErrorCode.DISK_READ_FAILED) {
                    unreadable.add(offset);
                }
                LOG.warn("{}: offset {} cannot be read: {}", partition, offset, e.getMessage());
            }
        }
        return new Fetched(found, unreadable);
    }
}
