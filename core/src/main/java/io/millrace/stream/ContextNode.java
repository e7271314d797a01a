package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.log.Retain;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What is known of one context: where its events go, which came last, and which is retained, see
/// [Retain]. Thread-safe.
///
/// Events of one context may be in several partitions, and so come from several shards.
public final class ContextNode {
    /// Where events of a context without a partition key go.
    ///
    /// @param mounts those in which it was found; others need another look
    public record Route(Mounts mounts, Stream stream, int partition) {}

    /// What is known of the events of a context. Usually its newest is the retained one as well,
    /// and then stands for both.
    sealed interface Known permits Newest, Apart {}

    /// An event, or where it is.
    public sealed interface Newest extends Known permits StoredEvent, Place {
        /// Where it is recorded.
        Receipt receipt();

        /// When it was recorded, in milliseconds since 1970.
        long recordedMillis();
    }

    /// Where an event is, when it is not kept in memory.
    public record Place(Receipt receipt, long recordedMillis) implements Newest {}

    /// The newest event is not the retained one.
    ///
    /// @param retained `null` if nothing is known to be
    /// @param cleared the event that made it so, if one is known: older ones are not retained,
    ///   whenever they are found
    private record Apart(Newest newest, @Nullable Newest retained, @Nullable Place cleared)
            implements Known {}

    private final Context context;
    private final ConcurrentSkipListMap<String, ContextNode> children =
            new ConcurrentSkipListMap<>();
    private final AtomicLong published = new AtomicLong();
    private volatile @Nullable Route route;
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    ContextNode(Context context) {
        this.context = context;
    }

    public Context context() {
        return context;
    }

    /// By what their paths have behind this one's, which is a segment; below the root also what
    /// follows an empty one, such as `/a` for the context `//a`.
    ConcurrentSkipListMap<String, ContextNode> children() {
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
        return newest(known.get());
    }

    /// The retained event or its place; `null` if there is none.
    public @Nullable Newest retained() {
        return retained(known.get());
    }

    private static @Nullable Newest newest(@Nullable Known known) {
        return switch (known) {
            case null -> null;
            case Newest both -> both;
            case Apart apart -> apart.newest;
        };
    }

    private static @Nullable Newest retained(@Nullable Known known) {
        return switch (known) {
            case null -> null;
            case Newest both -> both;
            case Apart apart -> apart.retained;
        };
    }

    private static @Nullable Place cleared(@Nullable Known known) {
        return known instanceof Apart apart ? apart.cleared : null;
    }

    /// How many events are kept whole.
    private static int kept(@Nullable Known known) {
        return switch (known) {
            case null -> 0;
            case StoredEvent _ -> 1;
            case Place _ -> 0;
            case Apart apart ->
                    (apart.newest instanceof StoredEvent ? 1 : 0)
                            + (apart.retained instanceof StoredEvent ? 1 : 0);
        };
    }

    /// What a snapshot has to say; `null` if nothing is known.
    ContextSnapshot.@Nullable Entry entry() {
        Known now = known.get();
        Newest newest = newest(now);
        Newest retained = retained(now);
        return newest == null
                ? null
                : new ContextSnapshot.Entry(
                        context.path(),
                        place(newest),
                        retained == null ? null : place(retained),
                        cleared(now));
    }

    private static Place place(Newest newest) {
        return switch (newest) {
            case StoredEvent event -> new Place(event.receipt(), event.recordedMillis());
            case Place place -> place;
        };
    }

    /// What came of a change.
    ///
    /// @param isFirst whether nothing was known before
    /// @param kept how many more events are kept whole now
    record Change(boolean isFirst, int kept) {
        static final Change NONE = new Change(false, 0);
    }

    /// Whether an event that comes takes the place of one that is kept whole.
    boolean hasRoomFor(Retain retain) {
        Known now = known.get();
        return switch (retain) {
            case LATEST, CLEAR -> kept(now) > 0;
            case PASS -> now instanceof Apart apart && apart.newest instanceof StoredEvent;
        };
    }

    /// On the shard's thread: events of this context have become readable.
    ///
    /// @param event the newest of them
    Change recorded(Newest event, Retain retain, int count) {
        published.addAndGet(count);
        while (true) {
            Known before = known.get();
            Known after =
                    switch (retain) {
                        case LATEST -> event;
                        case CLEAR -> new Apart(event, null, place(event));
                        case PASS -> new Apart(event, retained(before), cleared(before));
                    };
            if (known.compareAndSet(before, after)) {
                return new Change(before == null, kept(after) - kept(before));
            }
        }
    }

    /// Any thread: puts the same event in another form in place.
    ///
    /// @return whether it was still there, as the newest, the retained one or both
    boolean replace(Newest old, Newest by) {
        while (true) {
            Known before = known.get();
            Known after;
            if (Objects.equals(before, old)) {
                after = by;
            } else if (before instanceof Apart apart && apart.newest.equals(old)) {
                after = new Apart(by, apart.retained, apart.cleared);
            } else if (before instanceof Apart apart && Objects.equals(apart.retained, old)) {
                after = new Apart(apart.newest, by, apart.cleared);
            } else {
                return false;
            }
            if (known.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /// Any thread: an event from before the start was found in the log.
    Change found(Place place, Retain retain) {
        while (true) {
            Known before = known.get();
            Known after = with(before, place, retain);
            if (Objects.equals(before, after)) {
                return Change.NONE;
            }
            if (known.compareAndSet(before, after)) {
                return new Change(before == null, kept(after) - kept(before));
            }
        }
    }

    private static Known with(@Nullable Known known, Place place, Retain retain) {
        Newest newest = newest(known);
        Newest retained = retained(known);
        Place cleared = cleared(known);
        Newest decisive = retained == null ? cleared : retained;
        if (retain != Retain.PASS && (decisive == null || isNewer(place, decisive))) {
            retained = retain == Retain.LATEST ? place : null;
            cleared = retain == Retain.LATEST ? null : place;
        }
        if (newest == null || isNewer(place, newest)) {
            newest = place;
        }
        return newest.equals(retained) ? newest : new Apart(newest, retained, cleared);
    }

    private static boolean isNewer(Place place, Newest known) {
        Receipt at = place.receipt;
        Receipt other = known.receipt();
        if (at.partition() == other.partition() && at.stream().equals(other.stream())) {
            return at.offset() > other.offset();
        }
        return switch (known) {
            // Only what was published, or asked for, since the start is kept whole.
            case StoredEvent _ -> false;
            case Place(Receipt _, long millis) -> place.recordedMillis > millis;
        };
    }
}
