package io.millrace.stream;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.Retain;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The contexts that have events, as a tree. Thread-safe.
///
/// One lookup by path gives a publisher its context, checked once, and its route. Bounded: contexts
/// beyond the limit work like any other but are not remembered.
public final class ContextTable {
    private static final int KEPT_BYTES_MAX = 4096;

    /// Bytes that an event may hold in memory besides its own before it is worth a copy.
    private static final int WASTE_BYTES_MAX = 1024;

    private final int nodesMax;
    private final int keptMax;
    private final ConcurrentHashMap<String, ContextNode> nodes = new ConcurrentHashMap<>();
    private final ContextNode root = new ContextNode(Context.ROOT);
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    private long sweptAt;
    private final LongAdder published = new LongAdder();

    /// @param nodesMax how many contexts are remembered, those in between included
    /// @param keptMax how many contexts' newest events are kept in memory; the others' are read
    ///   back when asked for
    public ContextTable(int nodesMax, int keptMax) {
        this.nodesMax = nodesMax;
        this.keptMax = keptMax;
        nodes.put("/", root);
    }

    /// The node of a path, new if it was not known.
    ///
    /// @throws io.millrace.error.MillraceException CONTEXT_INVALID
    public ContextNode of(String path) {
        ContextNode node = nodes.get(path);
        return node != null ? node : create(Context.of(path));
    }

    private ContextNode create(Context context) {
        if (nodes.size() >= nodesMax) {
            return new ContextNode(context);
        }
        ContextNode created = new ContextNode(context);
        ContextNode known = nodes.putIfAbsent(context.path(), created);
        if (known != null) {
            return known;
        }
        Context above = context.parent();
        if (above != null) {
            ContextNode parent = nodes.get(above.path());
            (parent != null ? parent : create(above))
                    .children()
                    .put(below(above, context), created);
        }
        return created;
    }

    /// What a context is called among the children of the one above it.
    public static String below(Context above, Context context) {
        int length = above.path().length();
        return context.path().substring(length == 1 ? 1 : length + 1);
    }

    /// The node of a context, or `null` if it is not known.
    public @Nullable ContextNode find(Context context) {
        return nodes.get(context.path());
    }

    /// Contexts that have events.
    public int active() {
        return active.get();
    }

    /// Events recorded since the server started, those of contexts that are not remembered
    /// included.
    public long published() {
        return published.sum();
    }

    /// On a shard's thread: an event has become readable.
    public void recorded(StoredEvent event) {
        published.increment();
        ContextNode node = nodes.get(event.context().path());
        if (node == null) {
            return;
        }
        Retain retain = event.retain();
        boolean keep = isSmall(event) && (kept.get() < keptMax || node.hasRoomFor(retain));
        ContextNode.Newest newest =
                keep ? event : new ContextNode.Place(event.receipt(), event.recordedMillis());
        count(node.recorded(newest, retain, 1));
    }

    /// On a shard's thread: events of one context have become readable, which nobody has decoded.
    ///
    /// @param place of the last
    /// @param retain what the last does to the one that is retained
    public void recorded(Context context, int count, ContextNode.Place place, Retain retain) {
        published.add(count);
        ContextNode node = nodes.get(context.path());
        if (node == null) {
            return;
        }
        count(node.recorded(place, retain, count));
    }

    private static boolean isSmall(StoredEvent event) {
        Bytes data = event.event().data();
        return data == null || data.length() <= KEPT_BYTES_MAX;
    }

    private void count(ContextNode.Change change) {
        if (change.isFirst()) {
            active.incrementAndGet();
        }
        if (change.kept() != 0) {
            kept.addAndGet(change.kept());
        }
    }

    /// Any thread: an event from before the start was found.
    public void found(Context context, ContextNode.Place place, Retain retain) {
        ContextNode known = nodes.get(context.path());
        ContextNode node = known != null ? known : create(context);
        if (nodes.get(context.path()) == node) {
            count(node.found(place, retain));
        }
    }

    /// Any thread: an event that was known by its place has been read back; it is kept if there is
    /// room.
    public void readBack(ContextNode node, ContextNode.Place place, StoredEvent event) {
        if (isSmall(event) && kept.get() < keptMax && node.replace(place, event)) {
            kept.incrementAndGet();
        }
    }

    /// Gives events that are kept their own bytes where they hold the whole batch in memory in
    /// which they came. Called now and then, so that publishing costs no copy; only one thread at a
    /// time.
    public void compactKept() {
        long now = published.sum();
        if (now == sweptAt) {
            return;
        }
        sweptAt = now;
        for (ContextNode node : nodes.values()) {
            ContextNode.Newest newest = node.newest();
            ContextNode.Newest retained = node.retained();
            compact(node, newest);
            if (!Objects.equals(retained, newest)) {
                compact(node, retained);
            }
        }
    }

    private static void compact(ContextNode node, ContextNode.@Nullable Newest known) {
        if (known instanceof StoredEvent event && isWasteful(event)) {
            StoredEvent own =
                    new StoredEvent(
                            event.stream(),
                            event.partition(),
                            event.offset(),
                            event.recordedMillis(),
                            event.context(),
                            event.event().withOwnData(),
                            event.marks());
            // A newer event may have come meanwhile; then this one is gone anyway.
            node.replace(event, own);
        }
    }

    private static boolean isWasteful(StoredEvent event) {
        Bytes data = event.event().data();
        return data != null && data.backingArray().length > data.length() + WASTE_BYTES_MAX;
    }

    /// Visits every context that has events, in no order.
    public void forEachActive(Consumer<ContextSnapshot.Entry> visitor) {
        for (ContextNode node : nodes.values()) {
            ContextSnapshot.Entry entry = node.entry();
            if (entry != null) {
                visitor.accept(entry);
            }
        }
    }

    /// Visits the known contexts that a pattern covers, with events or without, each before those
    /// below it, those side by side by name.
    ///
    /// @param after begins behind this one, whether it is known or not; `null` for the beginning
    /// @param visitor returns false to end
    public void walk(
            ContextPattern pattern, @Nullable Context after, Predicate<ContextNode> visitor) {
        new ContextWalk(pattern, after, visitor).from(root, after != null);
    }

    /// Children of a context by name, at most `limit` of those behind `after`.
    public List<ContextNode> children(ContextNode parent, int limit, @Nullable String after) {
        List<ContextNode> page = new ArrayList<>();
        for (ContextNode child : behind(parent, after).values()) {
            if (page.size() == limit) {
                break;
            }
            page.add(child);
        }
        return page;
    }

    private static NavigableMap<String, ContextNode> behind(
            ContextNode parent, @Nullable String after) {
        return after == null ? parent.children() : parent.children().tailMap(after, false);
    }

    /// Contexts with events, and the events, of a node and everything below it.
    public record Sum(int contexts, long published) {}

    /// Adds up a subtree; costs a visit to each node of it.
    public Sum sum(ContextNode node) {
        int contexts = node.newest() == null ? 0 : 1;
        long events = node.published();
        for (ContextNode child : node.children().values()) {
            Sum below = sum(child);
            contexts += below.contexts();
            events += below.published();
        }
        return new Sum(contexts, events);
    }

    /// How many children a node has.
    public int childCount(ContextNode node) {
        return node.children().size();
    }
}
