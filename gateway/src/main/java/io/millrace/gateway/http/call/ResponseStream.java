package io.millrace.gateway.http.call;

import io.millrace.error.MillraceException;
import io.millrace.event.format.ByteSink;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// An answer that is sent in pieces, no faster than the client takes them. Written to by one
/// virtual thread.
public final class ResponseStream {
    private final HttpServerResponse response;
    private final int status;
    private final Pending pending = new Pending();

    ResponseStream(HttpServerResponse response, int status, Map<String, String> headers) {
        this.response = response;
        this.status = status;
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
    }

    int status() {
        return status;
    }

    /// Sends a piece, whatever is pending.
    public void write(ByteSink piece) {
        byte[] bytes = piece.toArray();
        if (pending.add(bytes.length)) {
            response.write(Buffer.buffer(bytes))
                    .onComplete(result -> pending.done(bytes.length, result.succeeded()));
        }
    }

    /// Waits until there is room for more.
    ///
    /// @param hopeless asked now and then while waiting; ends the wait
    /// @throws MillraceException SLOW_CONSUMER if the wait is hopeless or lasts too long
    /// @throws InterruptedException if the client has gone
    public void awaitRoom(BooleanSupplier hopeless) throws InterruptedException {
        pending.awaitRoom(hopeless);
    }

    /// Waits until all is sent, the client has gone or the time is over.
    ///
    /// @return whether all is sent
    public boolean flush(Duration atMost) throws InterruptedException {
        return pending.flush(atMost);
    }

    /// Ends the answer; without `whole` it is broken off, so that nobody takes it for all.
    void end(boolean whole) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (whole) {
            response.end();
        } else {
            response.reset();
        }
    }
}
