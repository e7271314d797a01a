package io.millrace.gateway.kafka.share;

import io.millrace.group.LeasedOffsets;
import io.millrace.group.SettleRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a member was given of one partition and has not settled, with the numbers that prove it.
/// Not thread-safe.
final class Holding {
    private final TreeMap<Long, Held> byFirst = new TreeMap<>();

    /// One run, of which some may be settled.
    private static final class Held {
        final long first;
        final long last;
        final long number;
        final BitSet settled = new BitSet();
        long deadlineMillis;

        Held(LeasedOffsets.Run run, long deadlineMillis) {
            this.first = run.first();
            this.last = run.last();
            this.number = run.number();
            this.deadlineMillis = deadlineMillis;
        }

        int size() {
            return (int) (last - first + 1);
        }

        boolean isOpen(long from, long to) {
            int next = settled.nextSetBit((int) (from - first));
            return next < 0 || next > to - first;
        }

        boolean isDone() {
            return settled.cardinality() == size();
        }
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /// Adds what was leased now; an earlier lease of the same offset is over.
    void add(LeasedOffsets leased) {
        for (LeasedOffsets.Run run : leased.runs()) {
            List<Held> earlier = new ArrayList<>();
            for (Held held : from(run.first()).values()) {
                if (held.first > run.last()) {
                    break;
                }
                if (held.last >= run.first()) {
                    earlier.add(held);
                }
            }
            remove(run.first(), run.last());
            for (Held held : earlier) {
                byFirst.remove(held.first);
                keepRest(held);
            }
            byFirst.put(run.first(), new Held(run, leased.deadlineMillis()));
        }
    }

    /// No two runs have an offset in common: what is left of one that was cut becomes runs of its
    /// own.
    private void keepRest(Held before) {
        int open = before.settled.nextClearBit(0);
        while (open < before.size()) {
            int end = before.settled.nextSetBit(open);
            int behind = end < 0 ? before.size() : end;
            Held rest =
                    new Held(
                            new LeasedOffsets.Run(
                                    before.first + open,
                                    before.first + behind - 1,
                                    0,
                                    before.number),
                            before.deadlineMillis);
            byFirst.put(rest.first, rest);
            open = before.settled.nextClearBit(behind);
        }
    }

    /// Says with which numbers offsets are to be settled.
    ///
    /// @param needsAll whether all have to be held; else those that are not are left out
    /// @return whether all are held that have to be
    boolean collect(
            long first,
            long last,
            SettleRange.Action action,
            boolean needsAll,
            List<SettleRange> to) {
        long next = first;
        for (Held held : from(first).values()) {
            if (held.first > last) {
                break;
            }
            long begin = Math.max(first, held.first);
            long end = Math.min(last, held.last);
            if (begin > end) {
                continue;
            }
            if (needsAll && (begin != next || !held.isOpen(begin, end))) {
                return false;
            }
            collect(held, begin, end, action, to);
            next = end + 1;
        }
        return !needsAll || next == last + 1;
    }

    private static void collect(
            Held held, long begin, long end, SettleRange.Action action, List<SettleRange> to) {
        int at = held.settled.nextClearBit((int) (begin - held.first));
        while (at <= end - held.first) {
            int settled = held.settled.nextSetBit(at);
            long last = settled < 0 ? end : Math.min(end, held.first + settled - 1);
            to.add(new SettleRange(held.first + at, last, held.number, action));
            at = held.settled.nextClearBit((int) (last + 1 - held.first));
        }
    }

    /// Those runs that may have something at or behind an offset.
    private Map<Long, Held> from(long offset) {
        Long begin = byFirst.floorKey(offset);
        return begin == null ? byFirst : byFirst.tailMap(begin, true);
    }

    /// These are settled.
    void remove(long first, long last) {
        List<Long> done = new ArrayList<>();
        for (Held held : from(first).values()) {
            if (held.first > last) {
                break;
            }
            long begin = Math.max(first, held.first);
            long end = Math.min(last, held.last);
            if (begin <= end) {
                held.settled.set((int) (begin - held.first), (int) (end - held.first) + 1);
                if (held.isDone()) {
                    done.add(held.first);
                }
            }
        }
        done.forEach(byFirst::remove);
    }

    /// Leases of these go on until then.
    void renew(long first, long last, long deadlineMillis) {
        for (Held held : from(first).values()) {
            if (held.first > last) {
                break;
            }
            if (held.last >= first) {
                held.deadlineMillis = Math.max(held.deadlineMillis, deadlineMillis);
            }
        }
    }

    /// Forgets leases that have ended.
    void expire(long nowMillis) {
        byFirst.values().removeIf(held -> held.deadlineMillis < nowMillis);
    }

    /// Everything, to be settled in one way.
    List<SettleRange> all(SettleRange.Action action) {
        List<SettleRange> all = new ArrayList<>();
        for (Held held : byFirst.values()) {
            collect(held, held.first, held.last, action, all);
        }
        return all;
    }
}
