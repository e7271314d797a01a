package io.millrace.stream;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The contexts that events were published in since the server started, as a tree. Thread-safe.
///
/// One lookup by path gives a publisher its context, checked once, and its route. Bounded: contexts
/// beyond the limit work like any other but are not remembered.
public final class ContextTable {
    private static final int KEPT_BYTES_MAX = 4096;

    private final int nodesMax;
    private final int keptMax;
    private final ConcurrentHashMap<String, ContextNode> nodes = new ConcurrentHashMap<>();
    private final ContextNode root = new ContextNode(Context.ROOT);
    private final AtomicInteger active = new AtomicInteger();
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
            (parent != null ? parent : create(above)).children().put(lastSegment(context), created);
        }
        return created;
    }

    private static String lastSegment(Context context) {
        String path = context.path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// The node of a context, or `null` if it is not known.
    public @Nullable ContextNode find(Context context) {
        return nodes.get(context.path());
    }

    /// Contexts that have had events.
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
        if (node.published() == 0) {
            active.incrementAndGet();
        }
        Bytes data = event.event().data();
        boolean small = data == null || data.length() <= KEPT_BYTES_MAX;
        node.recorded(event, small && active.get() <= keptMax);
    }

    /// Children of a context by name, at most `limit` of those behind `after`.
    public List<ContextNode> children(ContextNode parent, int limit, @Nullable String after) {
        List<String> names = new ArrayList<>(parent.children().keySet());
        names.sort(Comparator.naturalOrder());
        List<ContextNode> page = new ArrayList<>();
        for (String name : names) {
            if (page.size() == limit) {
                break;
            }
            ContextNode child = parent.children().get(name);
            if (child != null && (after == null || name.compareTo(after) > 0)) {
                page.add(child);
            }
        }
        return page;
    }

    /// Contexts with events, and the events, of a node and everything below it.
    public record Sum(int contexts, long published) {}

    /// Adds up a subtree; costs a visit to each node of it.
    public Sum sum(ContextNode node) {
        int contexts = node.published() > 0 ? 1 : 0;
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
