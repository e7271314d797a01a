package io.millrace.cli.replay;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Backoff;
import io.millrace.cli.http.Batch;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.http.Unreachable;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.cli.text.Quantity;
import io.millrace.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// Sends events in batches, one at a time and in order, and again until the server has them.
///
/// Not thread-safe.
final class Publisher {
    private static final Duration WAIT_MAX = Duration.ofSeconds(15);

    private final Api api;
    private final Surroundings surroundings;
    private final Json json;
    private final Listener listener;
    private final Duration patience;
    private final Backoff backoff;
    private final Batch batch = new Batch();
    private final List<Row> rows = new ArrayList<>();
    private String path = "";
    private int eventsMax = Batch.EVENTS_MAX;

    /// What the publisher tells, on the caller's thread.
    interface Listener {
        /// The server has stored everything up to this row.
        void acknowledged(Row row) throws IOException;

        /// A sentence about what goes on.
        void notice(String sentence);
    }

    /// @param patience how long to try to send the same batch
    Publisher(Api api, Surroundings surroundings, Json json, Listener listener, Duration patience) {
        this.api = api;
        this.surroundings = surroundings;
        this.json = json;
        this.listener = listener;
        this.patience = patience;
        this.backoff = new Backoff(WAIT_MAX, RandomGenerator.getDefault());
    }

    /// Takes an event; it is sent when its batch is full. Events that name their context share
    /// batches, whatever their contexts; others share them only with their neighbours in the same
    /// context, as the order of rows is kept.
    ///
    /// @return whether the process goes on; if not, everything since the last acknowledged row is
    ///   to be sent again
    boolean add(EventMapper.Outgoing event) throws IOException, InterruptedException {
        String to =
                event.namesItsContext()
                        ? "/events"
                        : "/events" + Encoding.path(event.context().path());
        boolean room =
                batch.isEmpty()
                        || (to.equals(path)
                                && batch.size() < eventsMax
                                && batch.fits(event.json().length));
        if (!room && !flush()) {
            return false;
        }
        path = to;
        batch.add(event.json());
        rows.add(event.row());
        return true;
    }

    /// Sends what is there and waits until the server has stored it.
    ///
    /// @return as [#add]
    boolean flush() throws IOException, InterruptedException {
        boolean done = batch.isEmpty() || send(batch, rows);
        batch.clear();
        rows.clear();
        return done;
    }

    private boolean send(Batch part, List<Row> partRows) throws IOException, InterruptedException {
        long begun = surroundings.time().nanoTime();
        while (!surroundings.lifetime().stopping()) {
            Duration wait;
            String reason;
            try {
                JsonNode answer = api.send(part.request(api, path)).json(json);
                requireAll(answer, part.size());
                backoff.reset();
                listener.acknowledged(partRows.getLast());
                return true;
            } catch (ServerProblem e) {
                if (isTooLarge(e) && part.size() > 1) {
                    return sendHalves(part, partRows);
                }
                wait = e.retryAfter().orElseGet(backoff::next);
                reason = String.valueOf(e.getMessage());
                giveUp(e, !e.isTemporary() || isOver(begun, wait));
            } catch (Unreachable e) {
                wait = backoff.next();
                reason = e.reason();
                giveUp(e, isOver(begun, wait));
            }
            listener.notice(
                    "%s; sending rows %d to %d again in %s."
                            .formatted(
                                    reason,
                                    partRows.getFirst().number(),
                                    partRows.getLast().number(),
                                    Quantity.duration(wait)));
            surroundings.time().pause(wait);
        }
        return false;
    }

    private static void giveUp(RuntimeException failure, boolean now) {
        if (now) {
            throw failure;
        }
    }

    private boolean isOver(long begunNanos, Duration wait) {
        long spent = surroundings.time().nanoTime() - begunNanos;
        return spent + wait.toNanos() > patience.toNanos();
    }

    private static boolean isTooLarge(ServerProblem problem) {
        return problem.status() == 413
                || problem.code() == ErrorCode.BATCH_TOO_LARGE.number()
                || problem.code() == ErrorCode.BODY_TOO_LARGE.number();
    }

    /// The server takes less at once than usual: this batch goes in two, and later ones are
    /// smaller.
    private boolean sendHalves(Batch part, List<Row> partRows)
            throws IOException, InterruptedException {
        int half = part.size() / 2;
        eventsMax = Math.min(eventsMax, half);
        return send(part.part(0, half), partRows.subList(0, half))
                && send(part.part(half, part.size()), partRows.subList(half, partRows.size()));
    }

    private static void requireAll(JsonNode answer, int events) {
        if (answer.size() != events) {
            throw CommandFailure.failed(
                    "The server acknowledged %d of %d events. Is it a Millrace?"
                            .formatted(answer.size(), events));
        }
    }
}
