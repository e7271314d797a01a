package io.millrace.router;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.io.Threading;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.Mounts;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A reader of everything that a pattern covers: first history, from where it was told to start,
/// then live, without a gap or a repetition at the seam.
///
/// The seam: each shard, asked on its own thread, adds the live feed to its router, and says then
/// which offset it hands over next. What lies before that is read from the log; what arrives in the
/// feed meanwhile waits there, and what the log has already given is recognised by its offset.
///
/// One thread calls [#next]; it should be a virtual one, since it waits. The others may be called
/// from anywhere.
public final class Tail implements AutoCloseable {
    private static final int TAKE_MAX = 512;

    private final ContextPattern pattern;
    private final Supplier<Mounts> mounts;
    private final List<RouterPort> ports;
    private final Threading threading;
    private final TailConfig config;
    private final Consumer<Tail> whenClosed;
    private final boolean resumable;

    private final HistoryReader history = new HistoryReader();
    private final TailPosition position;
    private Map<Partition, Long> seam = Map.of();

    /// Partitions of which live events are known to follow what was given out.
    private final Set<Partition> followed = new HashSet<>();

    private volatile @Nullable LiveFeed feed;
    private volatile boolean live;
    private volatile boolean closed;

    /// An event and where to resume behind it.
    ///
    /// @param position `null` if the pattern reaches too many partitions to resume
    public record Item(StoredEvent event, @Nullable String position) {}

    /// @param mounts those that hold now
    /// @param ports all shards
    /// @param threading waits for the shards' answers
    /// @param whenClosed told once, by whichever thread closes the tail
    /// @throws MillraceException OFFSET_OUT_OF_RANGE
    public Tail(
            ContextPattern pattern,
            Start start,
            Supplier<Mounts> mounts,
            List<RouterPort> ports,
            Threading threading,
            TailConfig config,
            Consumer<Tail> whenClosed) {
        this.pattern = pattern;
        this.mounts = mounts;
        this.ports = List.copyOf(ports);
        this.threading = threading;
        this.config = config;
        this.whenClosed = whenClosed;
        List<Partition> reached = reached();
        this.resumable = reached.size() <= config.partitionsMax();
        this.position = new TailPosition();
        if (start instanceof Start.Next) {
            attach();
            seam.forEach(this::begin);
        } else {
            for (Partition partition : reached) {
                begin(partition, HistoryReader.offsetOf(start, partition));
            }
        }
    }

    private void begin(Partition partition, long offset) {
        position.next(partition, offset);
        history.forgetEarlier(partition);
        history.add(partition, offset, pattern);
    }

    private List<Partition> reached() {
        List<Partition> partitions = new ArrayList<>();
        for (Stream stream : mounts.get().reachedBy(pattern)) {
            partitions.addAll(stream.partitions());
        }
        return partitions;
    }

    /// Waits for events.
    ///
    /// @return at least one event, or none after `waitMax`
    /// @throws MillraceException SLOW_CONSUMER if events came faster than they were taken for too
    ///   long; PARTITION_CORRUPT, DISK_READ_FAILED, OFFSET_OUT_OF_RANGE if retention overtook the
    ///   reader, or SHUTTING_DOWN; the tail is of no more use then
    public List<Item> next(Duration waitMax) throws InterruptedException {
        while (!closed) {
            if (live) {
                return nextLive(waitMax);
            }
            List<StoredEvent> events = history.next(TAKE_MAX);
            if (!events.isEmpty()) {
                return items(events);
            }
            catchUp();
        }
        throw stopping();
    }

    /// History has nothing at this moment: takes the next step towards live.
    private void catchUp() {
        LiveFeed attached = feed;
        if (attached == null) {
            if (history.atEnd()) {
                attach();
                // Partitions that came since this tail began are new to it from their first event
                // on; if retention was faster, the reader is told.
                for (Partition partition : seam.keySet()) {
                    if (!history.has(partition)) {
                        begin(partition, 0);
                    }
                }
            }
        } else if (attached.overrun()) {
            // More came than the feed holds while history was read: no fault of the reader, so
            // history goes on.
            detach(attached);
        } else if (history.atEnd() || behindSeam()) {
            // Pattern filters skip events; what was scanned counts, not what was given out.
            seam.keySet()
                    .forEach(partition -> position.atLeast(partition, history.next(partition)));
            followed.addAll(seam.keySet());
            live = true;
        }
    }

    private boolean behindSeam() {
        return seam.entrySet().stream().allMatch(e -> history.next(e.getKey()) >= e.getValue());
    }

    private List<Item> nextLive(Duration waitMax) throws InterruptedException {
        while (true) {
            LiveFeed attached = feed;
            if (attached == null) {
                throw stopping();
            }
            List<LiveFeed.Live> events = attached.take(TAKE_MAX, waitMax);
            if (events.isEmpty()) {
                requireWhole(attached);
                return List.of();
            }
            List<Item> fresh = new ArrayList<>(events.size());
            for (LiveFeed.Live next : events) {
                Partition partition = next.partition();
                // A partition that came later has nothing that the log gave already.
                if (followed.add(partition)) {
                    position.next(partition, 0);
                }
                long offset = next.event().offset();
                if (offset >= position.nextOf(partition)) {
                    // By partition and one by one: the events may be of a stream and of the next
                    // one of its name, and a position must not mix them up.
                    position.next(partition, offset + 1);
                    fresh.add(item(next.event()));
                }
            }
            if (!fresh.isEmpty()) {
                return fresh;
            }
            // All of it was given out from the log already.
        }
    }

    /// Nothing was in the feed: fails if that is for good.
    private void requireWhole(LiveFeed attached) {
        if (attached.overrun()) {
            close();
            throw new MillraceException(
                    ErrorCode.SLOW_CONSUMER,
                    "more than %d events or %d bytes waited to be taken; come back with the last position"
                            .formatted(config.eventsMax(), config.bytesMax()));
        }
        if (closed) {
            throw stopping();
        }
    }

    private static MillraceException stopping() {
        return new MillraceException(ErrorCode.SHUTTING_DOWN, "the tail was closed");
    }

    /// Those that history gave: of each name it reads one stream only.
    private List<Item> items(List<StoredEvent> events) {
        List<Item> items = new ArrayList<>(events.size());
        for (StoredEvent event : events) {
            position.next(event.stream(), event.partition(), event.offset() + 1);
            items.add(item(event));
        }
        return items;
    }

    private Item item(StoredEvent event) {
        return new Item(event, resumable ? position.text() : null);
    }

    /// The feed first, then the streams: all events of a stream that is not seen here come through
    /// the feed. In the other order, its first ones could fall between the two.
    private void attach() {
        LiveFeed fresh = new LiveFeed(config);
        awaitAll(port -> {
            port.router().attach(pattern, fresh);
            return true;
        });
        List<Stream> streams = mounts.get().reachedBy(pattern);
        Map<Partition, Long> offsets = new LinkedHashMap<>();
        awaitAll(port -> dispatched(port, streams)).forEach(offsets::putAll);
        seam = offsets;
        feed = fresh;
        if (closed) {
            detach(fresh);
        }
    }

    /// Asks each shard on its own thread.
    private <T> List<T> awaitAll(Function<RouterPort, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (RouterPort port : ports) {
            answers.add(port.shard().call(() -> question.apply(port)));
        }
        return answers.stream().map(threading::await).toList();
    }

    private static Map<Partition, Long> dispatched(RouterPort port, List<Stream> streams) {
        Map<Partition, Long> offsets = new LinkedHashMap<>();
        for (Stream stream : streams) {
            for (Partition partition : stream.partitionsOn(port.shard())) {
                offsets.put(partition, partition.dispatchedOffset());
            }
        }
        return offsets;
    }

    private void detach(LiveFeed attached) {
        feed = null;
        attached.close();
        for (RouterPort port : ports) {
            Shard shard = port.shard();
            shard.run(() -> port.router().detach(pattern, attached));
        }
    }

    /// Whether the reader has fallen too far behind, so that [#next] is going to throw.
    public boolean overrun() {
        LiveFeed attached = feed;
        return live && attached != null && attached.overrun();
    }

    /// Whether items carry positions.
    public boolean resumable() {
        return resumable;
    }

    /// Where to resume now, also if no event came for a while; `null` if not [#resumable]. For the
    /// thread that calls [#next].
    public @Nullable String position() {
        return resumable ? position.text() : null;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LiveFeed attached = feed;
            if (attached != null) {
                detach(attached);
            }
            whenClosed.accept(this);
        }
    }
}
