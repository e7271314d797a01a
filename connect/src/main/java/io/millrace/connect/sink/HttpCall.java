package io.millrace.connect.sink;

import io.millrace.connect.sink.HttpAnswer.Ending;
import io.millrace.event.Bytes;
import io.millrace.event.format.ByteSink;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// One request and its answer, bounded in time and memory whatever the other side does. Owned by a
/// loop.
///
/// Once the head of an answer is there, something is known, and the call succeeds: its body may be
/// cut off, broken or late, which [HttpAnswer#ending] tells.
final class HttpCall {
    /// How long a body that nobody wants is read, to keep the connection alive for the next call.
    private static final long DRAIN_MILLIS_MAX = 5_000;

    private static final int NO_CONTENT = 204;

    /// What to send, and what of the answer matters.
    ///
    /// @param answerBytesMax of a body that are read
    /// @param bodyMatters whether the body of an answer with this status and these headers is worth
    ///   waiting for until the deadline
    record Plan(
            HttpMethod method,
            MultiMap headers,
            Bytes body,
            int answerBytesMax,
            BiPredicate<Integer, MultiMap> bodyMatters) {}

    private final SinkLoop loop;
    private final Peer peer;
    private final Plan plan;
    private final long deadlineNanos;
    private final Promise<HttpAnswer> promise = Promise.promise();
    private final ByteSink body = new ByteSink(0);

    private long timer = -1;
    private boolean done;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;

    HttpCall(SinkLoop loop, Peer peer, Plan plan, long deadlineNanos) {
        this.loop = loop;
        this.peer = peer;
        this.plan = plan;
        this.deadlineNanos = deadlineNanos;
    }

    /// @return fails with an [AttemptFailure] if no answer has begun
    Future<HttpAnswer> start() {
        timer = loop.vertx().setTimer(loop.millisUntil(deadlineNanos), _ -> late());
        RequestOptions options =
                new RequestOptions().setMethod(plan.method()).setHeaders(plan.headers());
        peer.open(options, deadlineNanos).onComplete(this::opened, this::fail);
        return promise.future();
    }

    /// Breaks the call off, unless it has ended.
    void cancel() {
        fail(new AttemptFailure("the attempt was given up"));
    }

    private void opened(HttpClientRequest opened) {
        if (done) {
            opened.reset();
            return;
        }
        request = opened;
        Bytes content = plan.body();
        opened.response().onComplete(this::answered, this::fail);
        // A failure to write shows in the response too.
        opened.end(Buffer.buffer(content.toArray())).onFailure(this::fail);
    }

    private void answered(HttpClientResponse answer) {
        if (done) {
            return;
        }
        response = answer;
        // Most answers have no body: a timer for the end that comes at once would be a waste.
        boolean isEmpty =
                answer.statusCode() == NO_CONTENT
                        || "0".equals(answer.headers().get("content-length"));
        if (!isEmpty && !plan.bodyMatters().test(answer.statusCode(), answer.headers())) {
            loop.vertx().cancelTimer(timer);
            long left = Math.min(DRAIN_MILLIS_MAX, loop.millisUntil(deadlineNanos));
            timer = loop.vertx().setTimer(left, _ -> late());
        }
        answer.exceptionHandler(_ -> end(Ending.BROKEN));
        answer.endHandler(_ -> end(Ending.WHOLE));
        answer.handler(this::read);
    }

    private void read(Buffer part) {
        if (done) {
            return;
        }
        int room = plan.answerBytesMax() - body.length();
        byte[] bytes = part.getBytes(0, Math.min(room, part.length()));
        body.write(bytes, 0, bytes.length);
        if (part.length() > room) {
            end(Ending.TOO_LARGE);
        }
    }

    private void late() {
        if (response != null) {
            end(Ending.LATE);
        } else {
            fail(new AttemptFailure(peer.who() + " did not answer in time"));
        }
    }

    private void end(Ending ending) {
        HttpClientResponse answer = response;
        if (done || answer == null) {
            return;
        }
        finish();
        if (ending != Ending.WHOLE) {
            reset();
        }
        promise.complete(
                new HttpAnswer(
                        answer.request().version(),
                        answer.statusCode(),
                        answer.headers(),
                        body.toBytes(),
                        ending));
    }

    private void fail(Throwable cause) {
        if (done) {
            return;
        }
        if (response != null && !(cause instanceof AttemptFailure)) {
            // The answer came before all of the request was sent; what it says holds.
            return;
        }
        finish();
        reset();
        promise.fail(AttemptFailure.of(peer.who(), cause));
    }

    private void finish() {
        done = true;
        loop.vertx().cancelTimer(timer);
    }

    /// Ends the stream; with HTTP/1.1 that closes the connection.
    private void reset() {
        HttpClientRequest opened = request;
        if (opened != null) {
            opened.reset();
        }
    }
}
