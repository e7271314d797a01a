package io.millrace.stream;

import io.millrace.event.Context;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What is known of one context: where its events go, and what came lately. Thread-safe.
public final class ContextNode {
    /// Where events of a context without a partition key go.
    ///
    /// @param mounts those in which it was found; others need another look
    public record Route(Mounts mounts, Stream stream, int partition) {}

    /// Where the newest event is, when it is too large to be kept in memory.
    public record Place(Receipt receipt, long recordedMillis) {}

    private final Context context;
    private final ConcurrentHashMap<String, ContextNode> children = new ConcurrentHashMap<>(2);
    private final AtomicLong published = new AtomicLong();
    private volatile @Nullable Route route;
    private volatile @Nullable StoredEvent latest;
    private volatile @Nullable Place latestPlace;

    ContextNode(Context context) {
        this.context = context;
    }

    public Context context() {
        return context;
    }

    ConcurrentHashMap<String, ContextNode> children() {
        return children;
    }

    /// Where an event of this context goes, according to the given mounts.
    public Route route(Mounts mounts) {
        Route known = route;
        if (known == null || known.mounts != mounts) {
            Stream stream = mounts.of(context);
            known = new Route(mounts, stream, stream.partitionOf(context.path()));
            route = known;
        }
        return known;
    }

    /// Events of exactly this context since the server started.
    public long published() {
        return published.get();
    }

    /// The newest event, if it is kept in memory.
    public @Nullable StoredEvent latest() {
        return latest;
    }

    /// Where the newest event is, if it is not kept in memory.
    public @Nullable Place latestPlace() {
        return latestPlace;
    }

    /// On the shard's thread: an event of this context has become readable.
    void recorded(StoredEvent event, boolean keep) {
        published.incrementAndGet();
        latestPlace =
                keep
                        ? null
                        : new Place(
                                new Receipt(event.stream(), event.partition(), event.offset()),
                                event.recordedMillis());
        latest = keep ? event : null;
    }
}
