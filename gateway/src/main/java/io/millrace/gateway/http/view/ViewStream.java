package io.millrace.gateway.http.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.ResponseStream;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import java.time.Duration;
import java.util.List;

/// Carries a view and its changes to a client as server-sent events (HTML standard, section 9.2):
/// `put` and `delete`, `current` when all that was there has been sent, `problem` as the last. Runs
/// on a virtual thread of its own.
final class ViewStream {
    private static final int TAKE_MAX = 512;
    private static final int PIECE_BYTES = 32 << 10;
    private static final Duration LAST_MESSAGE_MAX = Duration.ofSeconds(3);

    private final Call call;
    private final ViewFollower follower;
    private final ResponseStream stream;
    private final Duration heartbeat;
    private final ByteSink piece = new ByteSink(4 << 10);

    ViewStream(Call call, ViewFollower follower, ResponseStream stream, Duration heartbeat) {
        this.call = call;
        this.follower = follower;
        this.stream = stream;
        this.heartbeat = heartbeat;
    }

    /// @throws MillraceException if the client has to be cut off
    /// @throws InterruptedException if the client has gone
    void run() throws InterruptedException {
        try {
            boolean live = false;
            piece.ascii(":\n\n");
            send();
            while (true) {
                List<ViewChange> changes = follower.next(TAKE_MAX, heartbeat);
                for (ViewChange change : changes) {
                    write(change);
                    if (piece.length() >= PIECE_BYTES) {
                        send();
                    }
                }
                if (!live && follower.isLive()) {
                    live = true;
                    piece.ascii("event: current\ndata: {}\n\n");
                } else if (live && changes.isEmpty()) {
                    piece.ascii(":\n\n");
                }
                send();
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

    private void write(ViewChange change) {
        ViewEntry entry = change.entry();
        JsonDocument json = new JsonDocument();
        json.beginObject();
        if (entry == null) {
            json.text("key", change.key()).time("updated", change.millis());
        } else {
            EntryWriter.write(json, entry, true);
        }
        json.endObject();
        piece.ascii(entry == null ? "event: delete\ndata: " : "event: put\ndata: ");
        byte[] data = json.sink().toArray();
        piece.write(data, 0, data.length);
        piece.ascii("\n\n");
    }

    private void send() throws InterruptedException {
        if (piece.length() > 0) {
            stream.write(piece);
            piece.clear();
        }
        stream.awaitRoom(follower::hasEnded);
    }

    private void say(MillraceException problem) throws InterruptedException {
        piece.ascii("event: problem\ndata: ");
        ProblemDocument.write(piece, problem);
        piece.ascii("\n\n");
        stream.write(piece);
        piece.clear();
        if (!stream.flush(LAST_MESSAGE_MAX)) {
            throw problem;
        }
    }
}
