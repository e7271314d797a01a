package io.millrace.gateway.http.tail;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.Follower;
import io.millrace.router.Tail;
import java.time.Duration;
import java.util.List;

/// Carries events from a [Tail] to a client until one of them ends it. Runs on a virtual thread of
/// its own.
final class TailPump {
    /// How long a client that is told to go gets for reading so.
    private static final Duration LAST_MESSAGE_MAX = Duration.ofSeconds(3);

    private final Call call;
    private final Follower tail;
    private final TailSink sink;
    private final Duration heartbeat;

    TailPump(Call call, Follower tail, TailSink sink, Duration heartbeat) {
        this.call = call;
        this.tail = tail;
        this.sink = sink;
        this.heartbeat = heartbeat;
    }

    /// @throws MillraceException if the client has to be cut off
    /// @throws InterruptedException if the client has gone
    void run() throws InterruptedException {
        try {
            sink.heartbeat(tail.position());
            sink.send(tail::overrun);
            while (true) {
                List<Tail.Item> items = tail.next(heartbeat);
                if (items.isEmpty()) {
                    sink.heartbeat(tail.position());
                }
                for (Tail.Item item : items) {
                    sink.event(item);
                    if (sink.isFull()) {
                        sink.send(tail::overrun);
                    }
                }
                sink.send(tail::overrun);
            }
        } catch (MillraceException e) {
            say(e);
        } catch (InterruptedException e) {
            if (call.isGone()) {
                throw e;
            }
            say(
                    new MillraceException(
                            ErrorCode.SHUTTING_DOWN, "come back when the server is up again"));
        }
    }

    private void say(MillraceException problem) throws InterruptedException {
        sink.problem(problem);
        if (!sink.flush(LAST_MESSAGE_MAX)) {
            throw problem;
        }
    }
}
