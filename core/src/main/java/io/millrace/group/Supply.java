package io.millrace.group;

import java.time.Duration;
import java.util.List;

/// The events of one cursor for a consumer that lives on its shard: who pushes, not who asks.
public interface Supply {
    /// Takes what can be had now, without waiting: the shard's thread only. Whoever gets less than
    /// it asked for is told by [Outlet#available] when there is more.
    List<Leased> take(int max, Duration lease);

    /// Tells what became of an event that was taken. Any thread. A verdict that comes after the
    /// lease has ended changes nothing.
    void settle(Leased leased, Verdict verdict);

    /// Runs something on the shard's thread.
    void run(Runnable action);

    /// Hears of events that can be taken, on the shard's thread.
    interface Outlet {
        void available(Supply supply);
    }
}
