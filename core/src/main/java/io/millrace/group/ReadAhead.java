package io.millrace.group;

import io.millrace.cursor.Candidates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Wanted events behind a cursor's frontier that are in memory, in order: fed by the shard while
/// the cursor is *live*, that is, has seen everything; else by the [Pump]. Owned by the shard's
/// thread.
final class ReadAhead {
    static final int EVENTS_MAX = 1_000;

    /// Of those of which only the offset is kept; a lane gives out no more at once.
    private static final int OFFSETS_MAX = 10_000;

    private static final long BYTES_MAX = 8 << 20;
    private static final int EVENT_BYTES = 512;
    private static final int OFFSET_BYTES = 64;

    private final ArrayDeque<Candidate> ready = new ArrayDeque<>(0);
    private long bytes;

    /// Not wanted, behind the last of those that are ready.
    private long filteredBehind;

    private long scannedTo;
    private boolean isLive;

    /// How many of those that are ready are without their event.
    private int undecoded;

    /// Begins at an offset with nothing.
    void reset(long offset, boolean live) {
        ready.clear();
        bytes = 0;
        undecoded = 0;
        filteredBehind = 0;
        scannedTo = offset;
        isLive = live;
    }

    boolean isLive() {
        return isLive;
    }

    /// From here on everything is offered.
    void goLive() {
        isLive = true;
    }

    /// What comes from this offset on has to be read.
    void fallBehind(long offset) {
        isLive = false;
        scannedTo = offset;
    }

    /// All below was looked at.
    ///
    /// @param dispatched up to where everything was offered to those that are live
    long scannedTo(long dispatched) {
        return isLive ? dispatched : scannedTo;
    }

    boolean hasRoom() {
        return ready.size() < EVENTS_MAX && bytes < BYTES_MAX;
    }

    /// How many may be added.
    ///
    /// @param undecoded whether they are going to be without their events
    int room(boolean undecoded) {
        return bytes < BYTES_MAX ? most(undecoded) - ready.size() : 0;
    }

    private static int most(boolean undecoded) {
        return undecoded ? OFFSETS_MAX : EVENTS_MAX;
    }

    /// Whether it is time to read more.
    boolean isLow(boolean undecoded) {
        return ready.size() <= most(undecoded) / 2;
    }

    /// Whether all that are ready have their events.
    boolean hasEvents() {
        return undecoded == 0;
    }

    int size() {
        return ready.size();
    }

    /// How many of those that are ready have no more bytes together; at least one.
    ///
    /// @param countMax more are not looked at
    int within(long most, int countMax) {
        int count = 0;
        long sum = 0;
        for (Candidate candidate : ready) {
            sum += candidate.dataBytes() + OFFSET_BYTES;
            if (sum > most || count == countMax) {
                break;
            }
            count++;
        }
        return Math.max(1, count);
    }

    /// So many of those that are ready, and the rest of the batch that the last of them lies in.
    int throughBatch(int count) {
        int through = 0;
        long last = -1;
        for (Candidate candidate : ready) {
            if (through >= count && candidate.offset() > last) {
                break;
            }
            through++;
            last = candidate.lastOfBatch();
        }
        return Math.max(count, through);
    }

    private static int bytes(Candidate candidate) {
        return candidate.event() == null ? OFFSET_BYTES : EVENT_BYTES + candidate.dataBytes();
    }

    void add(Candidate candidate) {
        ready.add(candidate.behind(filteredBehind));
        bytes += bytes(candidate);
        undecoded += candidate.event() == null ? 1 : 0;
        filteredBehind = 0;
    }

    void filtered(long more) {
        filteredBehind += more;
    }

    void scanned(long to) {
        scannedTo = to;
    }

    /// Not wanted and not recorded as such yet.
    long filtered() {
        long sum = filteredBehind;
        for (Candidate candidate : ready) {
            sum += candidate.filteredBefore();
        }
        return sum;
    }

    /// Where the first that is ready lies, or else what was not looked at.
    ///
    /// @param dispatched as in [#scannedTo]
    long begin(long dispatched) {
        Candidate first = ready.peek();
        return first == null ? scannedTo(dispatched) : first.offset();
    }

    /// How many before the first that is ready were not wanted, to be recorded now.
    long takeFilteredFirst() {
        Candidate first = ready.peek();
        long filtered = first == null ? filteredBehind : first.filteredBefore();
        if (first == null) {
            filteredBehind = 0;
        } else if (filtered > 0) {
            ready.removeFirst();
            ready.addFirst(first.behind(-filtered));
        }
        return filtered;
    }

    @Nullable Candidate oldest() {
        return ready.peek();
    }

    /// A walk over what is ready, to decide how much of it is taken.
    ///
    /// @param dispatched as in [#scannedTo]
    Pass pass(long dispatched) {
        return new Pass(dispatched);
    }

    /// One walk. What it has given is gone with [#take].
    final class Pass implements Candidates {
        private final Iterator<Candidate> rest = ready.iterator();
        private final List<Candidate> given = new ArrayList<>();
        private final long dispatched;
        private long filtered;
        private boolean isAtEnd;

        Pass(long dispatched) {
            this.dispatched = dispatched;
        }

        @Override
        public long next(long from) {
            if (!rest.hasNext()) {
                if (!isAtEnd) {
                    isAtEnd = true;
                    filtered += filteredBehind;
                }
                return -1;
            }
            Candidate candidate = rest.next();
            given.add(candidate);
            filtered += candidate.filteredBefore();
            return candidate.offset();
        }

        @Override
        public long key() {
            return given.getLast().treatment().key();
        }

        @Override
        public long dueMillis() {
            return given.getLast().treatment().dueMillis();
        }

        @Override
        public long scannedTo() {
            return ReadAhead.this.scannedTo(dispatched);
        }

        @Override
        public long filtered() {
            return filtered;
        }

        /// The events that were given.
        List<Candidate> given() {
            return given;
        }

        /// They are not ready any more.
        void take() {
            for (Candidate candidate : given) {
                ready.remove();
                bytes -= bytes(candidate);
                undecoded -= candidate.event() == null ? 1 : 0;
            }
            if (isAtEnd) {
                filteredBehind = 0;
            }
        }
    }
}
