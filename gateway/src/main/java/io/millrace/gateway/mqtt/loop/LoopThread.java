package io.millrace.gateway.mqtt.loop;

import java.util.concurrent.TimeUnit;

/// The event loop that owns sessions, as what lives on it sees it.
interface LoopThread {
    /// Runs an action on the loop, soon. Any thread; does nothing once the server is stopping.
    void execute(Runnable action);

    /// Runs an action on the loop after a while. Any thread.
    void schedule(Runnable action, long time, TimeUnit unit);

    /// Sends what was written to the loop's connections. On the loop.
    void flush();
}
