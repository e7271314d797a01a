package io.millrace.group;

import io.millrace.cursor.Cursor;
import io.millrace.cursor.CursorId;
import io.millrace.cursor.CursorJournal;
import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.CursorSnapshot;
import io.millrace.cursor.Dispenser;
import io.millrace.cursor.Held;
import io.millrace.cursor.Lease;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.cursor.Settler;
import io.millrace.cursor.SharedKeys;
import io.millrace.letter.DeadLetter;
import io.millrace.shard.Partition;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One group's cursor over one partition, with what is in memory for it. Everything but [#settle]
/// and [#run] belongs to the partition's shard.
///
/// A *live* cursor is offered each event as it becomes readable. When nobody wants its events, or
/// too many wait, it falls behind and reads from the log, by the [Pump], until it has caught up.
/// The change-over is exact since the shard does both: it knows up to which offset it has offered.
public final class GroupCursor implements Supply {
    private static final int RIPEN_MAX = 1_000;
    private static final int LEASES_ENDED_MAX = 1_000;
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final Duration SHEDDING_LEASE = Duration.ofMinutes(1);

    private final CursorId id;
    private final Group group;
    private final Partition partition;
    private final CursorShard home;
    private final ReadAhead ahead = new ReadAhead();
    private final Reading reading;
    private final Burials burials;

    private Cursor cursor;
    private Connector.@Nullable Connection connection;
    private long notWantedBefore;

    private long alarmMillis = Long.MAX_VALUE;

    /// Up to where the log knows that it is not needed.
    private long toldFloor = -1;

    /// Where it began, if the journal does not know of it.
    private final long beginning;

    GroupCursor(CursorId id, Group group, Partition partition, CursorShard home, Cursor cursor) {
        this.id = id;
        this.group = group;
        this.partition = partition;
        this.home = home;
        this.cursor = cursor;
        this.reading = new Reading(this, ahead);
        this.burials = new Burials(this);
        this.beginning = cursor.frontier();
        cursor.configure(group.config().cursor());
    }

    public CursorId id() {
        return id;
    }

    Group group() {
        return group;
    }

    Feed feed() {
        return group.feed(id);
    }

    public Partition partition() {
        return partition;
    }

    public CursorShard home() {
        return home;
    }

    Cursor cursor() {
        return cursor;
    }

    ReadAhead ahead() {
        return ahead;
    }

    Reading reading() {
        return reading;
    }

    CursorSnapshot snapshot() {
        return cursor.snapshot();
    }

    /// Begins to be offered events, or to read those that came before.
    void start() {
        connect();
        ahead.reset(cursor.frontier(), cursor.frontier() >= partition.dispatchedOffset());
        setAlarm();
        home.touch(this);
    }

    /// What was decided is taken back to what is on disk.
    void reset(RecoveredCursors recovered) {
        Cursor known = recovered.take(id);
        reading.forget();
        burials.clear();
        cursor.unshare();
        if (known == null) {
            cursor = new Cursor(partition.number(), group.config().cursor(), beginning);
            home.begin(this);
        } else {
            cursor = known;
            cursor.configure(group.config().cursor());
        }
        shareKeys();
        start();
    }

    /// The lanes of a queue keep one order of each key.
    void shareKeys() {
        SharedKeys keys = group.keys();
        if (keys != null) {
            cursor.share(keys, this::freed);
        }
    }

    /// Another lane has let go of a key.
    private void freed(long key) {
        cursor.freed(key);
        home.touch(this);
    }

    void apply(CursorRecord record) {
        cursor.apply(record);
        home.write(this, record);
    }

    /// Those that were not offered count as filtered, as long as this is live: others are counted
    /// when they are read.
    void countNotWanted() {
        long now = connection == null ? 0 : connection.notWanted();
        if (ahead.isLive()) {
            ahead.filtered(now - notWantedBefore);
        }
        notWantedBefore = now;
    }

    /// Connects anew, as the group's rules are now.
    private void connect() {
        if (connection != null) {
            connection.close();
        }
        connection = feed().connector().connect(this);
        notWantedBefore = connection.notWanted();
    }

    /// A wanted event of the partition has become readable.
    public void offer(StoredEvent event) {
        if (!ahead.isLive() || event.offset() < cursor.frontier()) {
            return;
        }
        countNotWanted();
        if (ahead.hasRoom() && group.isAttended()) {
            ahead.add(Candidate.of(feed().rules(), event, event.offset(), 0));
            home.touch(this);
        } else {
            ahead.fallBehind(event.offset());
        }
    }

    /// Whether somebody waits for what comes now.
    public boolean isAwaited() {
        return ahead.isLive() && ahead.hasRoom() && group.isAttended();
    }

    /// What comes from an offset on is not offered.
    public void passBy(long fromOffset) {
        if (ahead.isLive()) {
            countNotWanted();
            ahead.fallBehind(Math.max(fromOffset, cursor.frontier()));
        }
    }

    @Override
    public void run(Runnable action) {
        home.shard().run(action);
    }

    @Override
    public List<Leased> take(int max, Duration lease) {
        List<Leased> taken = new ArrayList<>();
        reading.eventsWanted();
        if (!ahead.hasEvents()) {
            readAgain();
        }
        take(max, lease, (given, event, _) -> taken.add(leased(given, known(event))));
        return taken;
    }

    private static StoredEvent known(@Nullable StoredEvent event) {
        if (event == null) {
            throw new IllegalStateException("an event was given out that was not read");
        }
        return event;
    }

    /// Takes offsets that can be had now, for somebody who reads the records for himself.
    void takeOffsets(int max, Duration lease, Taker taker) {
        reading.offsetsWanted();
        take(max, lease, taker);
    }

    private void take(int max, Duration lease, Taker taker) {
        if (!group.isGiving() || max <= 0) {
            return;
        }
        long now = home.nowMillis();
        new Taking(this, now, lease.toMillis(), taker).take(max);
        reading.prepare(now);
        setAlarm();
    }

    Leased leased(Lease lease, StoredEvent event) {
        return new Leased(
                new GroupToken(id.group(), id.stream(), lease.token()).toString(),
                lease.deadlineMillis(),
                lease.deliveries(),
                lease.failures(),
                lease.firstMillis(),
                event);
    }

    void ripen(long now) {
        CursorRecord.Ripened ripe = new Dispenser(cursor).ripen(now, RIPEN_MAX);
        if (ripe != null) {
            apply(ripe);
        }
    }

    /// What could not be read now is tried again.
    void lookAgain() {
        wakeAt(home.nowMillis() + LOOK_AGAIN_MILLIS);
    }

    /// Has the group take what there is.
    void tellGroup() {
        long now = home.nowMillis();
        if (group.isHungry() && group.isGiving()) {
            ripen(now);
            reading.prepare(now);
        }
        if (ahead.size() > 0
                || reading.hasAtHand()
                || !new Dispenser(cursor).due(now, 1).isEmpty()) {
            group.available(this);
        }
        setAlarm();
    }

    /// Whether there is, or may be, more than what was taken.
    boolean isReading() {
        return reading.isReading();
    }

    boolean hasReady() {
        return ahead.size() > 0 || reading.hasAtHand();
    }

    void setAlarm() {
        long now = home.nowMillis();
        long due = cursor.nextDue();
        wakeAt(Math.min(cursor.nextLeaseEnd(), due > now ? due : Long.MAX_VALUE));
    }

    private void wakeAt(long millis) {
        if (millis < alarmMillis) {
            alarmMillis = millis;
            home.wakeAt(this, millis);
        }
    }

    /// The time has come that was asked for, or one that does not matter any more.
    void ring(long atMillis, long now) {
        if (atMillis != alarmMillis || group.isClosed()) {
            return;
        }
        alarmMillis = Long.MAX_VALUE;
        for (CursorRecord record : new Settler(cursor).endLeases(now, LEASES_ENDED_MAX)) {
            if (record instanceof CursorRecord.Buried(long offset)) {
                burials.begin(
                        offset,
                        new Burials.Cause(
                                DeadLetter.Reason.LEASES_ENDED,
                                "its lease ended too often without an answer",
                                0),
                        null,
                        null);
            } else {
                apply(record);
            }
        }
        home.touch(this);
        setAlarm();
    }

    @Override
    public void settle(Leased leased, Verdict verdict) {
        GroupToken token = GroupToken.parse(leased.token());
        if (token == null || token.group() != id.group() || token.stream() != id.stream()) {
            throw new IllegalArgumentException("this was not taken here: " + leased.token());
        }
        run(() -> new Settling(this).settle(token.lease(), leased.event(), verdict));
    }

    Burials burials() {
        return burials;
    }

    /// Hears when what was written is as safe as the partition's stream promises.
    void whenStored(CursorJournal.Reply reply) {
        switch (partition.durability()) {
            case SYNCED -> home.journal().whenFlushed(reply);
            case BUFFERED -> home.journal().whenWritten(reply);
        }
    }

    /// Goes on somewhere else.
    void moveTo(long offset) {
        reading.forget();
        burials.clear();
        apply(new CursorRecord.Moved(offset));
        start();
    }

    /// Throws everything away that is not leased.
    ///
    /// @return how many events
    long purge() {
        long before = cursor.counts().settled();
        long end = partition.dispatchedOffset();
        long unseen = end - cursor.frontier();
        reading.forget();
        apply(new CursorRecord.Purged(end, unseen));
        start();
        return cursor.counts().settled() - before;
    }

    /// Nothing is under way: what was looked at without result is written down.
    void rest() {
        if (ahead.size() > 0 && !reading.isReading() && !group.isAttended()) {
            // Whoever it was kept for has gone; it is read again when somebody comes.
            readAgain();
            return;
        }
        countNotWanted();
        if (ahead.size() == 0) {
            long to = ahead.scannedTo(partition.dispatchedOffset());
            if (to > cursor.frontier()) {
                reading.passTo(to);
            }
        }
    }

    /// What was not wanted is written down as far as nothing wanted came before it, so that the
    /// ledger never has to take back what it has shown.
    void countFiltered() {
        countNotWanted();
        long filtered = ahead.takeFilteredFirst();
        if (filtered > 0) {
            apply(new CursorRecord.Passed(ahead.begin(partition.dispatchedOffset()), filtered));
        }
    }

    /// Events behind everything that the cursor has taken or passed: their offsets, as what they
    /// are is not known of all of them.
    long coming() {
        long end = partition.dispatchedOffset();
        return Math.max(0, end - ahead.begin(end)) - cursor.cancelled();
    }

    /// Whether the partition is the group's own, and everything in it for the group.
    boolean isOwn() {
        return id.stream() == id.group();
    }

    /// The rules have changed: what was read by the old ones is read again.
    void readAgain() {
        reading.forget();
        start();
    }

    /// Takes back what has not been given out and waits for its time.
    boolean cancel(long offset) {
        Held held = cursor.held(offset);
        if (held != null) {
            if (held.state() != Held.State.SCHEDULED) {
                return false;
            }
            apply(new CursorRecord.Settled(List.of(offset)));
            return true;
        }
        if (offset < cursor.frontier()
                || offset >= partition.dispatchedOffset()
                || cursor.isCancelled(offset)) {
            return false;
        }
        apply(new CursorRecord.Cancelled(offset));
        return true;
    }

    /// Gives events up because there are too many: to the dead letters.
    ///
    /// @return whether it could, or may when what is being read is there; not where all are leased
    ///   or held back
    public boolean shed(int max) {
        List<Leased> oldest = take(max, SHEDDING_LEASE);
        for (Leased leased : oldest) {
            burials.begin(
                    leased.event().offset(),
                    new Burials.Cause(
                            DeadLetter.Reason.QUEUE_FULL,
                            "the queue was full, and this was its oldest job",
                            0),
                    leased.event(),
                    null);
        }
        return !oldest.isEmpty() || isReading();
    }

    /// How many events are pending, those on their way to the dead letters not among them.
    public long depth() {
        return cursor.counts().outstanding() - burials.count() + coming();
    }

    /// Leaves for good.
    void end() {
        reading.forget();
        burials.clear();
        cursor.unshare();
        if (connection != null) {
            connection.close();
            connection = null;
        }
        alarmMillis = Long.MAX_VALUE;
    }

    /// Tells from where on the log is needed, when that is on disk: what memory alone takes for
    /// done may come back.
    public void tellNeeded(LongConsumer neededFrom) {
        long floor = cursor.floor();
        if (floor == toldFloor) {
            return; // Nobody flushes for what is known.
        }
        home.journal()
                .whenFlushed(problem -> {
                    if (problem == null) {
                        toldFloor = floor;
                        neededFrom.accept(floor);
                    }
                });
    }
}
