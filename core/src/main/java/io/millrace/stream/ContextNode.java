package io.millrace.stream;

import io.millrace.event.Context;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What is known of one context: where its events go, and what came lately. Thread-safe.
public final class ContextNode {
    /// Where events of a context without a partition key go.
    ///
    /// @param mounts those in which it was found; others need another look
    public record Route(Mounts mounts, Stream stream, int partition) {}

    /// What is known of the newest event of a context: the event itself, or where it is.
    public sealed interface Newest permits StoredEvent, Place {
        /// When it was recorded, in milliseconds since 1970.
        long recordedMillis();
    }

    /// Where the newest event is, when it is not kept in memory.
    public record Place(Receipt receipt, long recordedMillis) implements Newest {}

    private final Context context;
    private final ConcurrentHashMap<String, ContextNode> children = new ConcurrentHashMap<>(2);
    private final AtomicLong published = new AtomicLong();
    private volatile @Nullable Route route;
    private final AtomicReference<@Nullable Newest> newest = new AtomicReference<>();

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

    /// The newest event or its place; `null` if none is known.
    public @Nullable Newest newest() {
        return newest.get();
    }

    /// On the shard's thread: events of this context have become readable.
    ///
    /// @param event the newest of them
    /// @return what was known before
    @Nullable Newest recorded(Newest event, int count) {
        published.addAndGet(count);
        return newest.getAndSet(event);
    }

    /// Any thread: puts the same event in another form in place.
    ///
    /// @return false if a newer event came meanwhile
    boolean replace(Newest known, Newest by) {
        return newest.compareAndSet(known, by);
    }

    /// Any thread: an event from before the start was found in the log.
    ///
    /// @return whether it is the first that is known
    boolean found(Place place) {
        while (true) {
            Newest known = newest.get();
            if (known != null && !isNewer(place, known)) {
                return false;
            }
            if (newest.compareAndSet(known, place)) {
                return known == null;
            }
        }
    }

    private static boolean isNewer(Place place, Newest known) {
        return switch (known) {
            // Only what was published, or asked for, since the start is kept whole.
            case StoredEvent _ -> false;
            case Place(Receipt at, long millis) ->
                    place.recordedMillis != millis
                            ? place.recordedMillis > millis
                            : place.receipt.offset() > at.offset();
        };
    }
}
