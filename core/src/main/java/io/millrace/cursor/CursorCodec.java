package io.millrace.cursor;

import io.millrace.cursor.CursorRecord.Keyed;
import io.millrace.cursor.CursorRecord.Timed;
import java.util.ArrayList;
import java.util.List;

/// Cursor records and snapshots as bytes: a type, then numbers of variable length; lists of offsets
/// as distances from the one before. Thread-safe.
public final class CursorCodec {
    private static final int DELIVERED = 1;
    private static final int SETTLED = 2;
    private static final int RETURNED = 3;
    private static final int DEFERRED = 4;
    private static final int BURIED = 5;
    private static final int EXPIRED = 6;
    private static final int RENEWED = 7;
    private static final int MOVED = 8;
    private static final int SNAPSHOT = 9;
    private static final int RIPENED = 10;
    private static final int PASSED = 11;
    private static final int SKIPPED = 12;
    private static final int PURGED = 13;
    private static final int CANCELLED = 14;

    private CursorCodec() {}

    public static byte[] encode(CursorRecord record) {
        NumberWriter out = new NumberWriter();
        switch (record) {
            case CursorRecord.Delivered delivered -> write(out, delivered);
            case CursorRecord.Settled(var offsets) -> offsets(out.put(SETTLED), offsets);
            case CursorRecord.Returned(long offset, long due, boolean failed) ->
                    out.put(RETURNED).put(offset).put(due).put(failed ? 1 : 0);
            case CursorRecord.Deferred(long offset) -> out.put(DEFERRED).put(offset);
            case CursorRecord.Buried(long offset) -> out.put(BURIED).put(offset);
            case CursorRecord.Expired(long offset) -> out.put(EXPIRED).put(offset);
            case CursorRecord.Renewed(long offset, long deadline) ->
                    out.put(RENEWED).put(offset).put(deadline);
            case CursorRecord.Moved(long frontier) -> out.put(MOVED).put(frontier);
            case CursorRecord.Ripened(var offsets) -> offsets(out.put(RIPENED), offsets);
            case CursorRecord.Passed(long frontier, long filtered) ->
                    out.put(PASSED).put(frontier).put(filtered);
            case CursorRecord.Skipped(long frontier, long lost) ->
                    out.put(SKIPPED).put(frontier).put(lost);
            case CursorRecord.Cancelled(long offset) -> out.put(CANCELLED).put(offset);
            case CursorRecord.Purged(long frontier, long unseen) ->
                    out.put(PURGED).put(frontier).put(unseen);
        }
        return out.toBytes();
    }

    private static void write(NumberWriter out, CursorRecord.Delivered delivered) {
        out.put(DELIVERED).put(delivered.number()).put(delivered.atMillis());
        out.put(delivered.deadlineMillis() - delivered.atMillis());
        out.put(delivered.frontier()).put(delivered.filtered());
        keyed(out, delivered.fresh());
        keyed(out, delivered.held());
        timed(out, delivered.scheduled());
        offsets(out, delivered.again());
    }

    private static void keyed(NumberWriter out, List<Keyed> keyed) {
        out.put(keyed.size());
        long last = 0;
        for (Keyed each : keyed) {
            out.put(each.offset() - last).put(each.key());
            last = each.offset();
        }
    }

    private static void timed(NumberWriter out, List<Timed> timed) {
        out.put(timed.size());
        for (Timed each : timed) {
            out.put(each.offset()).put(each.key()).put(each.dueMillis());
        }
    }

    private static void offsets(NumberWriter out, List<Long> offsets) {
        out.put(offsets.size());
        long last = 0;
        for (long offset : offsets) {
            out.put(offset - last);
            last = offset;
        }
    }

    /// @throws IllegalArgumentException if the bytes are no record
    public static CursorRecord decode(byte[] bytes) {
        NumberReader in = new NumberReader(bytes);
        int type = in.takeInt();
        CursorRecord record =
                switch (type) {
                    case DELIVERED -> delivered(in);
                    case SETTLED -> new CursorRecord.Settled(offsets(in));
                    case RETURNED ->
                            new CursorRecord.Returned(in.take(), in.take(), in.take() == 1);
                    case DEFERRED -> new CursorRecord.Deferred(in.take());
                    case BURIED -> new CursorRecord.Buried(in.take());
                    case EXPIRED -> new CursorRecord.Expired(in.take());
                    case RENEWED -> new CursorRecord.Renewed(in.take(), in.take());
                    case MOVED -> new CursorRecord.Moved(in.take());
                    case RIPENED -> new CursorRecord.Ripened(offsets(in));
                    case PASSED -> new CursorRecord.Passed(in.take(), in.take());
                    case SKIPPED -> new CursorRecord.Skipped(in.take(), in.take());
                    case CANCELLED -> new CursorRecord.Cancelled(in.take());
                    case PURGED -> new CursorRecord.Purged(in.take(), in.take());
                    default ->
                            throw new IllegalArgumentException("no cursor record has type " + type);
                };
        in.requireEnd();
        return record;
    }

    private static CursorRecord.Delivered delivered(NumberReader in) {
        long number = in.take();
        long at = in.take();
        return new CursorRecord.Delivered(
                number,
                at,
                at + in.take(),
                in.take(),
                in.take(),
                keyed(in),
                keyed(in),
                timed(in),
                offsets(in));
    }

    private static List<Timed> timed(NumberReader in) {
        int count = in.takeCount();
        List<Timed> timed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            timed.add(new Timed(in.take(), in.take(), in.take()));
        }
        return timed;
    }

    private static List<Keyed> keyed(NumberReader in) {
        int count = in.takeCount();
        List<Keyed> keyed = new ArrayList<>(count);
        long last = 0;
        for (int i = 0; i < count; i++) {
            last += in.take();
            keyed.add(new Keyed(last, in.take()));
        }
        return keyed;
    }

    private static List<Long> offsets(NumberReader in) {
        int count = in.takeCount();
        List<Long> offsets = new ArrayList<>(count);
        long last = 0;
        for (int i = 0; i < count; i++) {
            last += in.take();
            offsets.add(last);
        }
        return offsets;
    }

    public static byte[] encode(CursorSnapshot snapshot) {
        NumberWriter out = new NumberWriter();
        CursorCounts counts = snapshot.counts();
        out.put(SNAPSHOT).put(snapshot.frontier()).put(snapshot.nextNumber());
        out.put(counts.accepted()).put(counts.settled()).put(counts.filtered());
        out.put(counts.expired()).put(counts.buried()).put(snapshot.entries().size());
        long last = 0;
        for (CursorSnapshot.Entry entry : snapshot.entries()) {
            out.put(entry.offset() - last).put(entry.state()).put(entry.failures());
            out.put(entry.deliveries()).put(entry.number()).put(entry.time()).put(entry.key());
            out.put(entry.first());
            last = entry.offset();
        }
        return out.toBytes();
    }

    /// @throws IllegalArgumentException if the bytes are no snapshot
    public static CursorSnapshot decodeSnapshot(byte[] bytes) {
        NumberReader in = new NumberReader(bytes);
        if (in.takeInt() != SNAPSHOT) {
            throw new IllegalArgumentException("this is no snapshot of a cursor");
        }
        long frontier = in.take();
        long nextNumber = in.take();
        long accepted = in.take();
        long settled = in.take();
        long filtered = in.take();
        long expired = in.take();
        long buried = in.take();
        int count = in.takeCount();
        List<CursorSnapshot.Entry> entries = new ArrayList<>(count);
        long last = 0;
        for (int i = 0; i < count; i++) {
            last += in.take();
            entries.add(
                    new CursorSnapshot.Entry(
                            last,
                            (byte) in.takeInt(),
                            in.takeInt(),
                            in.takeInt(),
                            in.take(),
                            in.take(),
                            in.take(),
                            in.take()));
        }
        in.requireEnd();
        long outstanding = entries.stream().filter(e -> e.state() != Outstanding.CANCELLED).count();
        CursorCounts counts =
                new CursorCounts(accepted, settled, filtered, expired, buried, outstanding);
        return new CursorSnapshot(frontier, nextNumber, counts, entries);
    }
}
