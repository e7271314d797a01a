package io.millrace.gateway.http.tail;

import io.millrace.error.MillraceException;
import io.millrace.router.Tail;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The way from a [Tail] to one client, over server-sent events or WebSocket. Used by one thread.
interface TailSink {
    void event(Tail.Item item);

    /// Shows the client that the connection lives, and where to resume.
    void heartbeat(@Nullable String position);

    /// The last message: why no more comes.
    void problem(MillraceException problem);

    /// Sends what has been collected, and waits until the client has taken enough of it.
    ///
    /// @param hopeless asked now and then while waiting
    /// @throws MillraceException SLOW_CONSUMER
    /// @throws InterruptedException if the client has gone
    void send(BooleanSupplier hopeless) throws InterruptedException;

    /// Whether enough has been collected to be sent.
    boolean isFull();

    /// Waits until all is sent.
    ///
    /// @return whether it is
    boolean flush(Duration atMost) throws InterruptedException;
}
