package io.millrace.router;

import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.stream.Mounts;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Live events of many patterns for one reader with a thread of its own, such as an event loop that
/// serves thousands of subscribers: each event comes once, and finding its subscribers is the
/// reader's.
///
/// Shards never wait here. What does not fit is left out and told as a gap; the log has it, and
/// [Backlog] reads it. Marks tell, in order with the events, how far each partition has been
/// dispatched, so the reader can say for each of its subscribers where the log and the live events
/// meet.
///
/// [#follow], [#unfollow], [#mark] and [#drain] belong to the reader's thread.
public final class Relay implements AutoCloseable {
    private static final long OVERHEAD_BYTES = 256;

    private final RelayConfig config;
    private final Guard guard;
    private final Runnable wakeup;
    private final List<RelayPort> ports;
    private final Backlog backlog;

    /// How many follow each pattern.
    private final Map<ContextPattern, Integer> followed = new HashMap<>();

    private final AtomicReference<@Nullable Item> top = new AtomicReference<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private volatile boolean closed;

    /// Something that waits to be drained; links of a stack, so that a hand-over is one
    /// compare-and-set.
    private abstract static sealed class Item {
        @Nullable Item next;
    }

    private static final class Live extends Item {
        final PartitionName partition;
        final StoredEvent event;

        Live(PartitionName partition, StoredEvent event) {
            this.partition = partition;
            this.event = event;
        }
    }

    private static final class Gap extends Item {
        final PartitionName partition;
        final long fromOffset;

        Gap(PartitionName partition, long fromOffset) {
            this.partition = partition;
            this.fromOffset = fromOffset;
        }
    }

    private static final class Mark extends Item {
        final Map<PartitionName, Long> offsets;
        final Request request;

        Mark(Map<PartitionName, Long> offsets, Request request) {
            this.offsets = offsets;
            this.request = request;
        }
    }

    /// Waits for the marks of all shards.
    static final class Request {
        private final Runnable done;
        private int left;

        Request(int shards, Runnable done) {
            this.left = shards;
            this.done = done;
        }
    }

    /// @param mounts those that hold now
    /// @param shards all of them
    /// @param wakeup run by any thread when there is something to drain; must not wait
    public Relay(
            RelayConfig config,
            Guard guard,
            Supplier<Mounts> mounts,
            List<RouterPort> shards,
            Runnable wakeup) {
        this.config = config;
        this.guard = guard;
        this.wakeup = wakeup;
        this.ports = shards.stream().map(port -> new RelayPort(this, port, mounts)).toList();
        this.backlog = new Backlog(mounts);
    }

    /// What the log has of what this hands over.
    public Backlog backlog() {
        return backlog;
    }

    /// Hands over what a pattern covers from now on.
    ///
    /// @param done run while draining, when the pattern is followed on all shards and how far each
    ///   partition that it reaches was dispatched by then has been told
    /// @throws io.millrace.error.MillraceException FORBIDDEN
    public void follow(Principal principal, ContextPattern pattern, Runnable done) {
        guard.read(principal, pattern);
        boolean isNew = followed.merge(pattern, 1, Integer::sum) == 1;
        Request request = new Request(ports.size(), done);
        for (RelayPort port : ports) {
            port.shard()
                    .run(() -> {
                        if (isNew) {
                            port.attach(pattern);
                        }
                        port.mark(List.of(pattern), request);
                    });
        }
    }

    /// Ends what [#follow] began; as often as that was called.
    public void unfollow(ContextPattern pattern) {
        Integer left = followed.computeIfPresent(pattern, (_, n) -> n == 1 ? null : n - 1);
        if (left == null) {
            ports.forEach(port -> port.shard().run(() -> port.detach(pattern)));
        }
    }

    /// Has it told how far the partitions were dispatched that the patterns reach.
    ///
    /// @param done run while draining, behind everything that was handed over before
    public void mark(List<ContextPattern> patterns, Runnable done) {
        Request request = new Request(ports.size(), done);
        for (RelayPort port : ports) {
            port.shard().run(() -> port.mark(patterns, request));
        }
    }

    /// On a shard's thread.
    ///
    /// @return whether there was room
    boolean put(PartitionName partition, StoredEvent event) {
        Bytes data = event.event().data();
        long bytes = OVERHEAD_BYTES + (data == null ? 0 : data.length());
        if (heldBytes.get() + bytes > config.bytesMax()) {
            return false;
        }
        heldBytes.addAndGet(bytes);
        put(new Live(partition, event));
        return true;
    }

    void putGap(PartitionName partition, long fromOffset) {
        put(new Gap(partition, fromOffset));
    }

    void putMark(Map<PartitionName, Long> offsets, Request request) {
        put(new Mark(offsets, request));
    }

    private void put(Item item) {
        Item before;
        do {
            before = top.get();
            item.next = before;
        } while (!top.compareAndSet(before, item));
        if (before == null && !closed) {
            wakeup.run();
        }
    }

    /// Hands over everything that waits.
    ///
    /// @return how many events there were
    public int drain(RelayReader reader) {
        Item item = inOrder(top.getAndSet(null));
        int events = 0;
        long bytes = 0;
        while (item != null) {
            switch (item) {
                case Live live -> {
                    events++;
                    Bytes data = live.event.event().data();
                    bytes += OVERHEAD_BYTES + (data == null ? 0 : data.length());
                    reader.live(live.partition, live.event);
                }
                case Gap gap -> reader.gap(gap.partition, gap.fromOffset);
                case Mark mark -> {
                    mark.offsets.forEach(reader::dispatched);
                    mark.request.left--;
                    if (mark.request.left == 0) {
                        mark.request.done.run();
                    }
                }
            }
            item = item.next;
        }
        heldBytes.addAndGet(-bytes);
        return events;
    }

    private static @Nullable Item inOrder(@Nullable Item last) {
        Item first = null;
        Item item = last;
        while (item != null) {
            Item earlier = item.next;
            item.next = first;
            first = item;
            item = earlier;
        }
        return first;
    }

    /// How many patterns are followed; roughly, on threads other than the reader's.
    public int followed() {
        return followed.size();
    }

    /// Bytes of events that wait. Any thread.
    public long heldBytes() {
        return heldBytes.get();
    }

    /// Follows nothing any more. Any thread.
    @Override
    public void close() {
        closed = true;
        List<ContextPattern> patterns = List.copyOf(followed.keySet());
        for (RelayPort port : ports) {
            port.shard().run(() -> patterns.forEach(port::detach));
        }
    }
}
