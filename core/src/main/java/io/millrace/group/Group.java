package io.millrace.group;

import io.millrace.cursor.Cursor;
import io.millrace.cursor.CursorId;
import io.millrace.cursor.Held;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.cursor.SharedKeys;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.shard.Partition;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A consumer group: its cursors over partitions, and who gets what they give. Thread-safe; the
/// methods that wait are not for a shard's thread.
public final class Group {
    private final int id;
    private final Means means;
    private final Burying burying;
    private final Turnstile turnstile = new Turnstile();
    private final Receiving receiving;
    private final OffsetLeases offsets = new OffsetLeases(this);
    private final SettleRate rate;
    private volatile GroupConfig config;
    private volatile @Nullable Feed streams;
    private volatile Feed own;
    private volatile @Nullable Shedding shedding;
    private volatile Supply.@Nullable Outlet outlet;
    private volatile List<GroupCursor> cursors = List.of();
    private volatile boolean isPaused;
    private volatile boolean isClosed;

    /// Of a queue, whose cursors are all on one shard; its thread only.
    private final @Nullable SharedKeys keys;

    /// What groups stand on.
    public record Means(Clock clock, Threading threading) {}

    /// @param id never given to another group
    /// @param streams of cursors over streams; `null` if there are none
    /// @param own of cursors over the group's own partitions
    public Group(
            int id,
            GroupConfig config,
            @Nullable Feed streams,
            Feed own,
            Burying burying,
            Means means) {
        this.id = id;
        this.config = config;
        this.streams = streams;
        this.own = own;
        this.burying = burying;
        this.means = means;
        this.rate = new SettleRate(means.clock());
        this.receiving = new Receiving(this, turnstile, means.clock());
        this.keys = config.isQueue() ? new SharedKeys() : null;
    }

    /// Which keys are under way in some lane; `null` if the cursors have nothing to do with each
    /// other.
    @Nullable SharedKeys keys() {
        return keys;
    }

    public int id() {
        return id;
    }

    public GroupConfig config() {
        return config;
    }

    Feed feed(CursorId cursor) {
        Feed ofStreams = streams;
        return cursor.stream() == id || ofStreams == null ? own : ofStreams;
    }

    Burying burying() {
        return burying;
    }

    /// Takes a changed resource over. What was read ahead by the old rules is read again.
    public void configure(GroupConfig changed, @Nullable Feed changedStreams, Feed changedOwn) {
        config = changed;
        streams = changedStreams;
        own = changedOwn;
        for (GroupCursor cursor : cursors) {
            cursor.run(() -> {
                cursor.cursor().configure(changed.cursor());
                cursor.readAgain();
            });
        }
    }

    /// Has everything pushed to an outlet, instead of consumers that ask; `null` for those again.
    public void outlet(Supply.@Nullable Outlet pushed) {
        outlet = pushed;
        touchAll();
    }

    /// Begins to read a partition. Returns when the cursor is there; it is on disk when the journal
    /// has flushed, see [#settled].
    ///
    /// @param start where to begin if there is no cursor yet; asked on the shard's thread
    /// @return completes when the cursor is on disk
    public CompletableFuture<GroupCursor> attach(
            int stream,
            Partition partition,
            CursorShard home,
            RecoveredCursors recovered,
            java.util.function.ToLongFunction<Partition> start) {
        CursorId cursorId = new CursorId(id, stream, partition.number());
        CompletableFuture<GroupCursor> attached = new CompletableFuture<>();
        Cursor known = recovered.take(cursorId);
        home.shard()
                .run(() -> {
                    try {
                        Cursor cursor =
                                known != null
                                        ? known
                                        : new Cursor(
                                                partition.number(),
                                                config.cursor(),
                                                start.applyAsLong(partition));
                        boolean isAhead = Inspection.cutBack(cursor, partition);
                        GroupCursor added =
                                new GroupCursor(cursorId, this, partition, home, cursor);
                        added.shareKeys();
                        addCursor(added);
                        if (known != null && !isAhead) {
                            home.add(added);
                            added.start();
                            attached.complete(added);
                        } else {
                            home.begin(added);
                            added.start();
                            home.journal()
                                    .whenFlushed(problem -> complete(attached, added, problem));
                        }
                    } catch (RuntimeException e) {
                        attached.completeExceptionally(e);
                    }
                });
        return attached;
    }

    static <T extends @Nullable Object> void complete(
            CompletableFuture<T> future, T value, @Nullable MillraceException problem) {
        if (problem == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(problem);
        }
    }

    private synchronized void addCursor(GroupCursor cursor) {
        List<GroupCursor> more = new ArrayList<>(cursors);
        more.add(cursor);
        cursors = List.copyOf(more);
    }

    /// Lets go of a stream for good; what was pending there goes with it.
    public synchronized void detach(int stream) {
        List<GroupCursor> left = new ArrayList<>();
        for (GroupCursor cursor : cursors) {
            if (cursor.id().stream() == stream) {
                cursor.run(() -> {
                    cursor.end();
                    cursor.home().drop(cursor);
                });
            } else {
                left.add(cursor);
            }
        }
        cursors = List.copyOf(left);
    }

    /// Whether it has a cursor there.
    public boolean has(int stream, int partition) {
        return find(stream, partition) != null;
    }

    /// The cursor there, or `null`.
    public @Nullable GroupCursor find(int stream, int partition) {
        for (GroupCursor cursor : cursors) {
            if (cursor.id().stream() == stream && cursor.id().partition() == partition) {
                return cursor;
            }
        }
        return null;
    }

    /// Its cursors, in the order in which they came.
    public List<GroupCursor> cursors() {
        return cursors;
    }

    boolean isHungry() {
        return outlet != null || turnstile.size() > 0 || shedding != null;
    }

    /// Whether a consumer is here, or was a moment ago and is probably at work on what it got.
    boolean isAttended() {
        return isHungry() || receiving.wasAskedLately();
    }

    boolean isGiving() {
        return !isPaused && !isClosed;
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Whether nothing is given out now.
    public boolean isPaused() {
        return isPaused;
    }

    /// Gives nothing out any more, or goes on.
    public void pause(boolean paused) {
        isPaused = paused;
        if (!paused) {
            touchAll();
        }
    }

    private void touchAll() {
        for (GroupCursor cursor : cursors) {
            cursor.run(() -> cursor.home().touch(cursor));
        }
    }

    /// Consumers that wait now.
    public int waiting() {
        return turnstile.size();
    }

    void countSettled(int more) {
        rate.add(more);
    }

    /// Events settled a second, of late.
    public double perSecond() {
        return rate.perSecond();
    }

    /// Takes events before consumers do, because there are too many.
    public interface Shedding {
        /// On the shard's thread.
        void shed(GroupCursor cursor);
    }

    /// Has events taken away until it says that there are few enough; `null` for that.
    public void shedding(@Nullable Shedding shed) {
        shedding = shed;
        if (shed != null) {
            touchAll();
        }
    }

    /// On a shard's thread, at the end of its round.
    void available(GroupCursor cursor) {
        Shedding shed = shedding;
        if (shed != null) {
            shed.shed(cursor);
        }
        Supply.Outlet pushed = outlet;
        if (pushed != null) {
            pushed.available(cursor);
        } else {
            turnstile.call(1);
        }
    }

    /// Nothing more is being read: who waited for that only can go.
    void caughtUp() {
        turnstile.call(Integer.MAX_VALUE);
    }

    /// Gives events to a consumer, waiting for the first.
    ///
    /// @param wait how long; while events are being read for it, a moment longer
    /// @param atOnce whether they are settled as they are given out
    public List<Leased> receive(int max, Duration wait, Duration lease, boolean atOnce)
            throws InterruptedException {
        return receiving.receive(max, wait, new Receiving.Terms(lease, atOnce));
    }

    /// What there was without waiting.
    ///
    /// @param isReading whether events are being read, so that it is worth to ask again
    public record Tried(List<Leased> leases, boolean isReading) {}

    /// Gives events to a consumer that does not wait; who means to come back says so by [#standBy].
    ///
    /// @param atOnce whether they are settled as they are given out
    public Tried tryReceive(int max, Duration lease, boolean atOnce) {
        return receiving.tryReceive(max, new Receiving.Terms(lease, atOnce));
    }

    /// What a consumer holds that waits elsewhere.
    public interface StandBy extends AutoCloseable {
        @Override
        void close();
    }

    /// Has events kept at hand for a consumer that comes back, until it closes this.
    public StandBy standBy() {
        return turnstile.enter()::close;
    }

    /// For consumers that read the records themselves.
    public OffsetLeases offsets() {
        return offsets;
    }

    Receiving receiving() {
        return receiving;
    }

    Turnstile turnstile() {
        return turnstile;
    }

    void requireOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    MillraceException closed() {
        return new MillraceException(
                ErrorCode.SHUTTING_DOWN,
                "%s %s was closed".formatted(config.kind(), config.name()));
    }

    /// Settles leases, each by itself.
    ///
    /// @return one result for each, in the same order
    public List<SettleResult> settle(List<String> tokens, List<SettleAction> actions) {
        requireOpen();
        return Settling.all(this, tokens, actions);
    }

    /// The event that a token is for, whether its lease holds or not.
    ///
    /// @return `null` if it is no token of this group, or the event is gone
    public @Nullable StoredEvent event(String token) {
        GroupToken known = GroupToken.parse(token);
        GroupCursor cursor =
                known == null || known.group() != id
                        ? null
                        : find(known.stream(), known.lease().partition());
        if (known == null || cursor == null) {
            return null;
        }
        return Inspection.event(cursor.partition(), known.lease().offset());
    }

    /// Leases a deferred event by its place.
    ///
    /// @return `null` if it is not deferred
    public @Nullable Leased takeDeferred(GroupCursor cursor, long offset, Duration lease) {
        CompletableFuture<@Nullable Leased> answer = new CompletableFuture<>();
        CursorShard home = cursor.home();
        DeferredEvents deferred = new DeferredEvents(cursor);
        cursor.run(() ->
                deferred.take(
                        offset,
                        lease,
                        leased ->
                                home.journal()
                                        .whenWritten(
                                                problem -> complete(answer, leased, problem))));
        return await(answer);
    }

    /// Goes on reading at other places.
    ///
    /// @param start where, for each partition; asked on the shard's thread
    public void seek(java.util.function.ToLongFunction<Partition> start) {
        List<CompletableFuture<Boolean>> moved = new ArrayList<>();
        for (GroupCursor cursor : cursors) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            moved.add(done);
            cursor.run(() -> {
                cursor.moveTo(start.applyAsLong(cursor.partition()));
                cursor.home().journal().whenFlushed(problem -> complete(done, true, problem));
            });
        }
        moved.forEach(this::await);
    }

    /// Throws everything away that is not leased.
    ///
    /// @return how many events
    public long purge() {
        long sum = 0;
        for (GroupCursor cursor : cursors) {
            CompletableFuture<Long> done = new CompletableFuture<>();
            cursor.run(() -> {
                long purged = cursor.purge();
                cursor.whenStored(problem -> complete(done, purged, problem));
            });
            sum += await(done);
        }
        return sum;
    }

    /// The books, from the state of each cursor.
    public Ledger ledger() {
        Ledger sum = Ledger.EMPTY;
        for (List<GroupCursor> neighbours : receiving.byShard()) {
            CursorShard home = neighbours.getFirst().home();
            sum = sum.plus(await(home.shard().call(() -> Inspection.ledger(neighbours))));
        }
        return sum;
    }

    /// A pending event's place.
    ///
    /// @param held `null` if it was not looked at yet
    public record Pending(long offset, @Nullable Held held) {}

    /// What is pending at a cursor, from an offset on, at most so many; those that were not looked
    /// at yet may turn out not to be wanted.
    public List<Pending> pending(GroupCursor cursor, long from, int max) {
        return await(cursor.home().shard().call(() -> Inspection.pending(cursor, from, max)));
    }

    /// Takes an event back that has never been given out and waits for its time.
    ///
    /// @return whether there is such an event
    public boolean cancel(GroupCursor cursor, long offset) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        cursor.run(() -> {
            boolean cancelled = cursor.cancel(offset);
            cursor.whenStored(problem -> complete(done, cancelled, problem));
        });
        return await(done);
    }

    /// What has become of a stored event, as a sentence; `null` if it has no cursor there.
    public @Nullable String state(int stream, Receipt receipt) {
        GroupCursor cursor = find(stream, receipt.partition());
        if (cursor == null) {
            return null;
        }
        return await(
                cursor.home()
                        .shard()
                        .call(() -> Inspection.state(cursor.cursor(), receipt.offset())));
    }

    /// Waits for what shards bring about.
    ///
    /// @throws MillraceException what it failed with
    public <T extends @Nullable Object> T await(CompletableFuture<T> result) {
        try {
            return means.threading().await(result);
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    /// Gives nothing more out and lets everyone go who waits. Cursors stay as they are.
    public void close() {
        isClosed = true;
        turnstile.close();
    }

    /// Closes, and forgets its cursors for good.
    public void delete() {
        close();
        List<Integer> streams = cursors.stream().map(c -> c.id().stream()).distinct().toList();
        streams.forEach(this::detach);
    }
}
