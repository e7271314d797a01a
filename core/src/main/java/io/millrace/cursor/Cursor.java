package io.millrace.cursor;

import io.millrace.cursor.CursorRecord.Keyed;
import org.jspecify.annotations.Nullable;

/// The settlement state of one consumer group over one partition.
///
/// Offsets below the frontier were looked at. Those that were wanted and are not [Outstanding] are
/// settled, so a cursor costs memory for what is under way and nothing for what is done, however
/// much lies between the oldest outstanding offset and the frontier.
///
/// Only [#apply] and [#cutBack] change it. [Dispenser] and [Settler] decide what is to be recorded.
/// Owned by the thread of its partition's shard.
public final class Cursor {
    private static final int HEAP_SLACK = 64;

    private final int partition;
    private CursorConfig config;
    private final Outstanding outstanding = new Outstanding();
    private final KeyChains chains = new KeyChains();

    // Derived from the state, and brought up to date lazily: what no longer holds is passed over.
    private final LongHeap waiting = new LongHeap();
    private final LongHeap deadlines = new LongHeap();
    private final LongHeap oldest = new LongHeap();
    private final LongHeap scheduled = new LongHeap();

    /// At or behind the frontier; mostly there are none.
    private final CancelledOffsets cancelled = new CancelledOffsets();

    private long frontier;
    private long nextNumber;
    private long taken;
    private long filtered;
    private long settled;
    private long expired;
    private long buried;

    /// @param frontier where to begin
    public Cursor(int partition, CursorConfig config, long frontier) {
        this.partition = partition;
        this.config = config;
        this.frontier = frontier;
    }

    /// Takes other bounds over; what is outstanding stays so.
    public void configure(CursorConfig changed) {
        config = changed;
    }

    /// How many are leased now; looks at all that is outstanding.
    public long leased() {
        return outstanding.count(Outstanding.LEASED);
    }

    /// How many wait to be given out, or to be given out again.
    public long waiting() {
        return (long) outstanding.count(Outstanding.WAITING) + outstanding.scheduled();
    }

    /// How many are set aside.
    public long deferred() {
        return outstanding.count(Outstanding.DEFERRED);
    }

    /// What is known of an offset.
    ///
    /// @return `null` if it is not outstanding
    public @Nullable Held held(long offset) {
        int slot = outstanding.find(offset);
        return slot < 0
                ? null
                : new Held(
                        offset,
                        Held.State.of(outstanding.state(slot), isHeldBack(slot, offset)),
                        outstanding.time(slot),
                        outstanding.deliveries(slot),
                        outstanding.failures(slot),
                        outstanding.number(slot),
                        outstanding.first(slot));
    }

    private boolean isHeldBack(int slot, long offset) {
        return !chains.isNext(outstanding.key(slot), offset);
    }

    /// Everything outstanding, from the smallest offset on.
    public long[] offsets() {
        return outstanding.sorted();
    }

    /// When the next lease ends; [Long#MAX_VALUE] if there is none.
    public long nextLeaseEnd() {
        tidy();
        return deadlines.size() == 0 ? Long.MAX_VALUE : deadlines.rank(0);
    }

    /// When the next that waits is due; [Long#MAX_VALUE] if none waits.
    public long nextDue() {
        tidy();
        long next = scheduled.size() == 0 ? Long.MAX_VALUE : scheduled.rank(0);
        return waiting.size() == 0 ? next : Math.min(next, waiting.rank(0));
    }

    int partition() {
        return partition;
    }

    CursorConfig config() {
        return config;
    }

    Outstanding outstanding() {
        return outstanding;
    }

    KeyChains chains() {
        return chains;
    }

    long nextNumber() {
        return nextNumber;
    }

    /// The next offset that was not looked at.
    public long frontier() {
        return frontier;
    }

    /// The oldest offset that is not settled; the frontier if all are.
    public long floor() {
        while (oldest.size() > 0) {
            if (outstanding.find(oldest.value(0)) >= 0) {
                return oldest.value(0);
            }
            oldest.remove();
        }
        return frontier;
    }

    /// The ledger.
    public CursorCounts counts() {
        return new CursorCounts(
                taken + filtered, settled, filtered, expired, buried, outstanding.size());
    }

    /// When something is to be done by the clock; [Long#MAX_VALUE] if nothing is.
    public long nextMillis() {
        return Math.min(nextLeaseEnd(), nextDue());
    }

    /// Those that wait, by when they are due.
    void visitWaiting(LongHeap.Visitor visitor) {
        waiting.visit((due, offset) -> !isWaiting(due, offset) || visitor.visit(due, offset));
    }

    /// Visits what is scheduled, those first that are due first.
    void visitScheduled(LongHeap.Visitor visitor) {
        scheduled.visit((due, offset) ->
                !is(Outstanding.SCHEDULED, due, offset) || visitor.visit(due, offset));
    }

    /// Visits leases, those first that end first.
    void visitLeases(LongHeap.Visitor visitor) {
        deadlines.visit((end, offset) ->
                !is(Outstanding.LEASED, end, offset) || visitor.visit(end, offset));
    }

    private boolean isWaiting(long due, long offset) {
        return is(Outstanding.WAITING, due, offset)
                && !isHeldBack(outstanding.find(offset), offset);
    }

    private boolean is(byte state, long time, long offset) {
        int slot = outstanding.find(offset);
        return slot >= 0 && outstanding.state(slot) == state && outstanding.time(slot) == time;
    }

    private void tidy() {
        // A lease that is settled before it ends leaves an entry; many are swept out at once.
        int most = 2 * outstanding.size() + HEAP_SLACK;
        if (waiting.size() > most
                || deadlines.size() > most
                || oldest.size() > most
                || scheduled.size() > most) {
            rebuild();
        }
        while (waiting.size() > 0 && !isWaiting(waiting.rank(0), waiting.value(0))) {
            waiting.remove();
        }
        while (scheduled.size() > 0
                && !is(Outstanding.SCHEDULED, scheduled.rank(0), scheduled.value(0))) {
            scheduled.remove();
        }
        while (deadlines.size() > 0
                && !is(Outstanding.LEASED, deadlines.rank(0), deadlines.value(0))) {
            deadlines.remove();
        }
    }

    /// Makes a change that was recorded of this cursor.
    public void apply(CursorRecord record) {
        switch (record) {
            case CursorRecord.Delivered delivered -> deliver(delivered);
            case CursorRecord.Settled(var offsets) -> {
                for (long offset : offsets) {
                    leave(offset);
                    settled++;
                }
            }
            case CursorRecord.Returned returned -> giveBack(returned);
            case CursorRecord.Deferred(long offset) -> defer(offset);
            case CursorRecord.Buried(long offset) -> {
                leave(offset);
                buried++;
            }
            case CursorRecord.Expired(long offset) -> expire(offset);
            case CursorRecord.Renewed(long offset, long deadline) ->
                    lease(slot(offset), offset, deadline);
            case CursorRecord.Moved(long to) -> move(to);
            case CursorRecord.Cancelled(long offset) -> {
                cancelled.add(offset);
                taken++;
                settled++;
            }
            case CursorRecord.Ripened(var offsets) -> offsets.forEach(this::ripen);
            case CursorRecord.Passed(long to, long unwanted) -> {
                cancelled.removeBelow(to);
                frontier = to;
                filtered += unwanted;
            }
            case CursorRecord.Skipped(long to, long lost) -> {
                long unknown = lost - cancelled.removeBelow(to);
                frontier = to;
                taken += unknown;
                expired += unknown;
            }
            case CursorRecord.Purged purged -> purge(purged);
        }
        tidy();
    }

    private void rebuild() {
        waiting.clear();
        deadlines.clear();
        oldest.clear();
        scheduled.clear();
        for (int slot = 0; slot < outstanding.slots(); slot++) {
            long offset = outstanding.offset(slot);
            if (offset >= 0) {
                oldest.add(offset, offset);
                index(slot, offset);
            }
        }
    }

    private void index(int slot, long offset) {
        if (outstanding.state(slot) == Outstanding.LEASED) {
            deadlines.add(outstanding.time(slot), offset);
        } else if (outstanding.state(slot) == Outstanding.SCHEDULED) {
            scheduled.add(outstanding.time(slot), offset);
        } else if (outstanding.state(slot) == Outstanding.WAITING && !isHeldBack(slot, offset)) {
            waiting.add(outstanding.time(slot), offset);
        }
    }

    private int slot(long offset) {
        int slot = outstanding.find(offset);
        if (slot < 0) {
            throw new IllegalStateException("offset " + offset + " is not outstanding");
        }
        return slot;
    }

    private void deliver(CursorRecord.Delivered delivered) {
        takeAll(delivered);
        for (CursorRecord.Timed timed : delivered.scheduled()) {
            taken++;
            oldest.add(timed.offset(), timed.offset());
            int slot = outstanding.add(timed.offset(), Outstanding.SCHEDULED, timed.key());
            outstanding.time(slot, timed.dueMillis());
            scheduled.add(timed.dueMillis(), timed.offset());
        }
        for (long offset : delivered.again()) {
            deliver(slot(offset), offset, delivered);
        }
        cancelled.removeBelow(delivered.frontier());
        frontier = delivered.frontier();
        filtered += delivered.filtered();
        nextNumber = delivered.number() + 1;
    }

    /// How many offsets at or behind the frontier are settled before they come up.
    public int cancelled() {
        return cancelled.all().size();
    }

    /// Whether an offset is to be passed over when it comes up.
    public boolean isCancelled(long offset) {
        return cancelled.contains(offset);
    }

    /// In the order of their offsets, which is the order of each key.
    private void takeAll(CursorRecord.Delivered delivered) {
        int nextHeld = 0;
        for (Keyed keyed : delivered.fresh()) {
            while (nextHeld < delivered.held().size()
                    && delivered.held().get(nextHeld).offset() < keyed.offset()) {
                take(delivered.held().get(nextHeld++), Outstanding.WAITING);
            }
            int slot = take(keyed, Outstanding.LEASED);
            deliver(slot, keyed.offset(), delivered);
        }
        while (nextHeld < delivered.held().size()) {
            take(delivered.held().get(nextHeld++), Outstanding.WAITING);
        }
    }

    private int take(Keyed keyed, byte state) {
        taken++;
        oldest.add(keyed.offset(), keyed.offset());
        chains.add(keyed.key(), keyed.offset());
        return outstanding.add(keyed.offset(), state, keyed.key());
    }

    private void deliver(int slot, long offset, CursorRecord.Delivered delivered) {
        outstanding.number(slot, delivered.number());
        outstanding.deliveries(slot, outstanding.deliveries(slot) + 1);
        if (outstanding.first(slot) == 0) {
            outstanding.first(slot, delivered.atMillis());
        }
        chains.given(outstanding.key(slot));
        lease(slot, offset, delivered.deadlineMillis());
    }

    private void lease(int slot, long offset, long deadline) {
        outstanding.state(slot, Outstanding.LEASED);
        outstanding.time(slot, deadline);
        deadlines.add(deadline, offset);
    }

    private void giveBack(CursorRecord.Returned returned) {
        int slot = slot(returned.offset());
        if (returned.failed()) {
            outstanding.failures(slot, outstanding.failures(slot) + 1);
        }
        outstanding.state(slot, Outstanding.WAITING);
        outstanding.time(slot, returned.dueMillis());
        chains.returned(outstanding.key(slot));
        index(slot, returned.offset());
    }

    private void ripen(long offset) {
        int slot = slot(offset);
        outstanding.state(slot, Outstanding.WAITING);
        chains.add(outstanding.key(slot), offset);
        index(slot, offset);
    }

    private void purge(CursorRecord.Purged purged) {
        for (long offset : outstanding.sorted()) {
            if (outstanding.state(slot(offset)) != Outstanding.LEASED) {
                leave(offset);
                settled++;
            }
        }
        long unseen = purged.unseen() - cancelled();
        cancelled.clear();
        taken += unseen;
        settled += unseen;
        frontier = purged.frontier();
    }

    private void defer(long offset) {
        int slot = slot(offset);
        long key = outstanding.key(slot);
        outstanding.state(slot, Outstanding.DEFERRED);
        outstanding.forgetKey(slot);
        follow(key, offset);
    }

    private void leave(long offset) {
        int slot = slot(offset);
        long key = outstanding.key(slot);
        outstanding.remove(slot);
        follow(key, offset);
    }

    private void expire(long offset) {
        leave(offset);
        expired++;
    }

    /// The next of a key has its turn.
    private void follow(long key, long offset) {
        if (chains.remove(key, offset) >= 0) {
            freed(key);
        }
    }

    /// Shares the order of its keys with other lanes of a queue, from now on.
    public void share(SharedKeys keys, SharedKeys.Listener listener) {
        keys.enter(partition, listener);
        chains.share(keys, partition, outstanding);
        rebuild();
    }

    /// Is no lane any more.
    public void unshare() {
        chains.unshare();
    }

    /// Nothing of a key is under way in another lane.
    public void freed(long key) {
        long next = chains.first(key);
        if (next >= 0) {
            index(slot(next), next);
        }
    }

    private void move(long to) {
        outstanding.clear();
        chains.clear();
        waiting.clear();
        deadlines.clear();
        oldest.clear();
        scheduled.clear();
        cancelled.clear();
        frontier = to;
        taken = 0;
        filtered = 0;
        settled = 0;
        expired = 0;
        buried = 0;
    }

    /// Behind all offsets that it knows of.
    public long knownEnd() {
        return Math.max(frontier, cancelled() == 0 ? 0 : cancelled.all().last() + 1);
    }

    /// Forgets what a power cut took from the log: others are going to have these offsets.
    public void cutBack(long end) {
        for (long offset : outstanding.sorted()) {
            if (offset >= end) {
                expire(offset);
            }
        }
        cancelled.removeFrom(end);
        frontier = Math.min(frontier, end);
        tidy();
    }

    /// Everything of it.
    public CursorSnapshot snapshot() {
        return CursorSnapshot.of(this, counts(), outstanding, cancelled.all());
    }

    /// A cursor as it was when the snapshot was taken.
    public static Cursor restored(int partition, CursorConfig config, CursorSnapshot snapshot) {
        Cursor cursor = new Cursor(partition, config, snapshot.frontier());
        CursorCounts counts = snapshot.counts();
        cursor.nextNumber = snapshot.nextNumber();
        cursor.filtered = counts.filtered();
        cursor.taken = counts.accepted() - counts.filtered();
        cursor.settled = counts.settled();
        cursor.expired = counts.expired();
        cursor.buried = counts.buried();
        snapshot.entries().forEach(cursor::restore);
        return cursor;
    }

    /// Takes more of the entries of a snapshot that came in pieces.
    void restoreMore(CursorSnapshot more) {
        more.entries().forEach(this::restore);
    }

    private void restore(CursorSnapshot.Entry entry) {
        if (entry.state() == Outstanding.CANCELLED) {
            cancelled.add(entry.offset());
            return;
        }
        int slot = outstanding.add(entry.offset(), entry.state(), entry.key());
        outstanding.failures(slot, entry.failures());
        outstanding.deliveries(slot, entry.deliveries());
        outstanding.number(slot, entry.number());
        // One that was on its way to the dead letters is not there for sure.
        boolean isBurying = entry.time() == Long.MAX_VALUE;
        outstanding.time(slot, isBurying ? 0 : entry.time());
        outstanding.first(slot, entry.first());
        oldest.add(entry.offset(), entry.offset());
        if (entry.state() != Outstanding.SCHEDULED) {
            chains.add(entry.key(), entry.offset());
        }
        index(slot, entry.offset());
    }
}
