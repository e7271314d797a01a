package io.millrace.broker.view;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.MillraceException;
import io.millrace.io.Threading;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.Selection;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.Mounts;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a view current from the partitions that its pattern reaches: from where it had come, or
/// from their beginnings, then on and on. Runs on a thread of its own; between the log and the view
/// nothing is polled, partitions tell when more is stored.
final class StreamFeed {
    /// The number of skipped events, among the offsets so that it is committed with them.
    static final String SKIPPED = "#skipped";

    private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);
    private static final int TAKE_MAX = 1_000;
    private static final Duration IDLE_MAX = Duration.ofSeconds(1);

    private final String name;
    private final StreamSet streams;
    private final Selection from;
    private final EventEntries entries;
    private final Supplier<ViewTable> caughtUp;
    private final ReadSignal signal = new ReadSignal();
    private final Runnable wake = signal::advanced;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    /// Offsets that were applied, for whoever asks.
    private final Map<Partition, Long> applied = new ConcurrentHashMap<>();

    private ViewTable table;
    private HistoryReader history = new HistoryReader();
    private @Nullable Mounts attachedTo;
    private long skippedBefore;
    private volatile boolean live;
    private volatile boolean stopping;
    private volatile long skipped;
    private volatile @Nullable String problem;

    /// @param table where the entries go at first
    /// @param caughtUp called when history has been read; says where the entries go from then on
    StreamFeed(
            String name,
            StreamSet streams,
            Selection from,
            KeyTemplate key,
            ViewTable table,
            Supplier<ViewTable> caughtUp) {
        this.name = name;
        this.streams = streams;
        this.from = from;
        this.entries = new EventEntries(from, key);
        this.table = table;
        this.caughtUp = caughtUp;
    }

    void start(Threading threading) {
        threading.after("view-" + name, Duration.ZERO, this::run);
    }

    /// Ends it, and waits until it has ended.
    void stop(Threading threading) {
        stopping = true;
        signal.advanced();
        threading.await(done);
    }

    /// Whether it has caught up once.
    boolean isLive() {
        return live;
    }

    long skipped() {
        return skipped;
    }

    /// Why nothing goes on; `null` if it does.
    @Nullable String problem() {
        return problem;
    }

    /// Events that are stored and were not looked at.
    long lagEvents() {
        long lag = 0;
        for (Map.Entry<Partition, Long> each : applied.entrySet()) {
            lag += Math.max(0, each.getKey().log().readableOffset() - each.getValue());
        }
        return lag;
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    attach();
                    feed();
                } catch (MillraceException e) {
                    if (!stopping) {
                        problem = e.getMessage();
                        LOG.warn("The view {} does not go on: {}", name, e.getMessage());
                        signal.await(() -> stopping, IDLE_MAX);
                    }
                }
            }
        } catch (InterruptedException _) {
            // The server stops.
        } catch (RuntimeException e) {
            problem = "a fault in the server: " + e;
            LOG.error("The view {} does not go on", name, e);
        } finally {
            applied.keySet().forEach(partition -> partition.unwatch(wake));
            done.complete(null);
        }
    }

    private static String source(Partition partition) {
        return partition.streamId() + "/" + partition.number();
    }

    /// Reads the partitions that there are now from where the view has come.
    private void attach() {
        Mounts mounts = streams.mounts();
        applied.keySet().forEach(partition -> partition.unwatch(wake));
        applied.clear();
        Map<String, Long> progress = new HashMap<>();
        table.onStore(store -> progress.putAll(store.progress()));
        skippedBefore = progress.getOrDefault(SKIPPED, 0L) - entries.skipped();
        skipped = skippedBefore + entries.skipped();
        history = new HistoryReader();
        for (Stream stream : mounts.reachedBy(from.pattern())) {
            if (from.allows(stream.name())) {
                for (Partition partition : stream.partitions()) {
                    long next = begin(partition, progress.getOrDefault(source(partition), 0L));
                    history.add(partition, next, from.pattern());
                    applied.put(partition, next);
                    partition.watch(wake);
                }
            }
        }
        attachedTo = mounts;
    }

    /// Where reading goes on: not where retention has been, nor what a crash took back, nor where
    /// damage has been met.
    private static long begin(Partition partition, long progress) {
        long end = partition.log().readableOffset();
        long next = Math.min(end, Math.max(progress, partition.log().startOffset()));
        for (Damage damage : partition.damages()) {
            if (damage.fromOffset() <= next && next < damage.toOffset()) {
                LOG.warn("A view leaves out damaged events of {}: {}", partition, damage.detail());
                next = Math.min(end, damage.toOffset());
            }
        }
        return next;
    }

    private void feed() throws InterruptedException {
        while (!stopping && streams.mounts() == attachedTo) {
            List<StoredEvent> events = history.next(TAKE_MAX);
            apply(events);
            problem = null;
            if (events.isEmpty() && history.atEnd()) {
                if (!live) {
                    table = caughtUp.get();
                    live = true;
                }
                signal.await(
                        () -> stopping || !history.atEnd() || streams.mounts() != attachedTo,
                        IDLE_MAX);
            }
        }
    }

    private void apply(List<StoredEvent> events) {
        List<ViewChange> changes = new ArrayList<>(events.size());
        for (StoredEvent event : events) {
            String key = entries.key(event);
            if (key != null) {
                changes.add(entries.change(key, event));
            }
        }
        Map<String, Long> progress = new HashMap<>();
        applied.replaceAll((partition, before) -> {
            long next = history.next(partition);
            if (next != before) {
                progress.put(source(partition), next);
            }
            return next;
        });
        if (entries.skipped() + skippedBefore != skipped) {
            skipped = entries.skipped() + skippedBefore;
            progress.put(SKIPPED, skipped);
        }
        if (!changes.isEmpty() || !progress.isEmpty()) {
            table.apply(changes, progress);
        }
    }
}
