package io.millrace.cursor;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which keys are under way in cursors that share one order, as the lanes of a queue do: what was
/// given out of a key in one lane holds back that key in all others until it is done.
///
/// A lane's *started* offset of a key was given out and is neither done nor deferred: it is leased,
/// or waits to be given out again. There is one at most of each key and lane, the first of its
/// [KeyChains]. Nothing of this is recorded, because each cursor knows what it has started. Owned
/// by the thread that all those cursors are on.
public final class SharedKeys {
    private static final int LANES_MAX = 16;

    private final Map<Long, Holders> underway = new HashMap<>(0);
    private final @Nullable Listener[] listeners = new @Nullable Listener[LANES_MAX];

    /// Hears that a key may have become free for its lane.
    @FunctionalInterface
    public interface Listener {
        void freed(long key);
    }

    /// Lanes as bits.
    private record Holders(int started, int leased) {}

    void enter(int lane, Listener listener) {
        listeners[lane] = listener;
    }

    /// The lane has nothing under way any more, and hears of nothing.
    void leave(int lane) {
        clear(lane);
        listeners[lane] = null;
    }

    void clear(int lane) {
        for (long key : underway.keySet().toArray(Long[]::new)) {
            finished(key, lane);
        }
    }

    /// Whether a lane may give its first offset of a key out. Of several that were started before
    /// their lanes shared an order, the one in the highest lane goes first, so that none waits for
    /// ever.
    boolean isFree(long key, int lane) {
        Holders holders = underway.get(key);
        if (holders == null) {
            return true;
        }
        int mine = 1 << lane;
        if ((holders.leased & ~mine) != 0) {
            return false;
        }
        return (holders.started & mine) == 0
                ? holders.started == 0
                : holders.started >>> (lane + 1) == 0;
    }

    /// A lane has given its first offset of a key out.
    void given(long key, int lane) {
        Holders holders = underway.get(key);
        int started = holders == null ? 0 : holders.started;
        int leased = holders == null ? 0 : holders.leased;
        underway.put(key, new Holders(started | 1 << lane, leased | 1 << lane));
    }

    /// It came back, and keeps its place.
    void returned(long key, int lane) {
        Holders holders = underway.get(key);
        if (holders != null && (holders.leased & 1 << lane) != 0) {
            underway.put(key, new Holders(holders.started, holders.leased & ~(1 << lane)));
            tellOthers(key, lane);
        }
    }

    /// A lane's first offset of a key is done, started or not.
    void finished(long key, int lane) {
        Holders holders = underway.get(key);
        if (holders == null || (holders.started & 1 << lane) == 0) {
            return;
        }
        int started = holders.started & ~(1 << lane);
        if (started == 0) {
            underway.remove(key);
        } else {
            underway.put(key, new Holders(started, holders.leased & ~(1 << lane)));
        }
        tellOthers(key, lane);
    }

    private void tellOthers(long key, int lane) {
        for (int other = 0; other < LANES_MAX; other++) {
            Listener listener = listeners[other];
            if (other != lane && listener != null) {
                listener.freed(key);
            }
        }
    }
}
