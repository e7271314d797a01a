package io.millrace.io;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where agents run: on threads of their own in the server, on the one thread of the simulator in
/// tests.
public interface Threading extends AutoCloseable {
    /// Runs an agent until [#close].
    ///
    /// @return wakes it when there is work
    Wakeup run(Agent agent);

    /// Runs an action again and again; the next run begins the interval after the last has ended.
    void every(String name, java.time.Duration interval, Runnable action);

    /// Runs an action once, when the delay is over, on a thread of its own, where it may take its
    /// time. Whatever has not begun when this is closed never does.
    void after(String name, java.time.Duration delay, Runnable action);

    /// Waits for what agents are to bring about. Not for an agent's own thread.
    ///
    /// @throws java.util.concurrent.CompletionException if it failed
    <T extends @Nullable Object> T await(CompletableFuture<T> result);

    /// Lets the agents finish what was handed to them, in the order in which they were started, and
    /// ends them.
    @Override
    void close();
}
