package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.HttpVerdict;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.RetryAfter;
import io.millrace.delivery.Secret;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One attempt to deliver: a token if one is needed, the request, and once more with a new token if
/// the sink does not accept the old one. Owned by the sink's loop.
final class Delivery {
    private static final int UNAUTHORIZED = 401;

    private final SinkParts parts;
    private final List<Event> events;
    private final CompletableFuture<Outcome> outcome;
    private long deadlineNanos;
    private @Nullable HttpCall call;

    Delivery(SinkParts parts, List<Event> events, CompletableFuture<Outcome> outcome) {
        this.parts = parts;
        this.events = events;
        this.outcome = outcome;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /// Begins; the time-out runs from now.
    void start() {
        deadlineNanos =
                parts.loop().clock().nanoTime() + parts.config().limits().timeout().toNanos();
        MultiMap headers = HttpHeaders.headers();
        Bytes body;
        try {
            parts.config().headers().forEach((name, value) -> headers.set(name, value.reveal()));
            String origin = parts.config().origin();
            if (origin != null) {
                headers.set("webhook-request-origin", origin);
            }
            body = parts.message().write(events, headers);
        } catch (IllegalArgumentException _) {
            end(
                    new Outcome.Rejected(
                            Outcome.UNANSWERED,
                            "the event has an attribute that no HTTP header can carry"));
            return;
        }
        attempt(headers, body, true);
    }

    /// Breaks off.
    void giveUp(String reason) {
        end(new Outcome.RetryLater(null, Outcome.UNANSWERED, reason));
        HttpCall running = call;
        if (running != null) {
            running.cancel();
        }
    }

    private void attempt(MultiMap headers, Bytes body, boolean first) {
        switch (parts.config().credentials()) {
            case Credentials.None _ -> send(headers, body, null, first);
            case Credentials.BearerToken(Secret token) -> send(headers, body, token, first);
            case Credentials.ClientCredentials _ -> {
                AccessTokens tokens = parts.tokens();
                if (tokens == null) {
                    throw new IllegalStateException("a sink with credentials has no tokens");
                }
                attempt(headers, body, first, tokens);
            }
        }
    }

    private void attempt(MultiMap headers, Bytes body, boolean first, AccessTokens tokens) {
        long left = parts.loop().millisUntil(deadlineNanos);
        long timer =
                parts.loop()
                        .vertx()
                        .setTimer(
                                left,
                                _ ->
                                        fail(
                                                new AttemptFailure(
                                                        "the authorization server gave no token"
                                                                + " in time")));
        tokens.get()
                .onComplete(
                        token -> {
                            parts.loop().vertx().cancelTimer(timer);
                            if (!outcome.isDone()) {
                                send(headers, body, token, first);
                            }
                        },
                        cause -> {
                            parts.loop().vertx().cancelTimer(timer);
                            fail(cause);
                        });
    }

    private void send(MultiMap headers, Bytes body, @Nullable Secret token, boolean first) {
        if (token != null) {
            headers.set("authorization", "Bearer " + token.reveal());
        }
        HttpCall.Plan plan =
                new HttpCall.Plan(
                        HttpMethod.POST,
                        headers,
                        body,
                        parts.config().limits().answerBytesMax(),
                        (status, answer) -> status / 100 == 2 && AnswerEvent.isMeant(answer));
        HttpCall started = new HttpCall(parts.loop(), parts.peer(), plan, deadlineNanos);
        call = started;
        started.start()
                .onComplete(
                        answer -> {
                            AccessTokens tokens = parts.tokens();
                            boolean again = first && answer.status() == UNAUTHORIZED;
                            if (again && tokens != null && token != null && !outcome.isDone()) {
                                tokens.refused(token);
                                attempt(headers, body, false);
                            } else {
                                end(judge(answer));
                            }
                        },
                        this::fail);
    }

    private Outcome judge(HttpAnswer answer) {
        if (!answer.success()) {
            return HttpVerdict.failure(
                    answer.status(),
                    RetryAfter.parse(
                            answer.headers().get("retry-after"),
                            parts.loop().clock().epochMillis()));
        }
        boolean cutShort =
                switch (answer.ending()) {
                    case WHOLE, TOO_LARGE -> false;
                    case BROKEN, LATE -> true;
                };
        if (cutShort && AnswerEvent.isMeant(answer.headers())) {
            // Without the derived event the delivery has not had its effect.
            return new Outcome.RetryLater(
                    null, answer.status(), "the event in the sink's answer did not come whole");
        }
        AnswerEvent.Reading reading = AnswerEvent.read(answer);
        return new Outcome.Delivered(answer.status(), reading.event(), reading.problem());
    }

    private void fail(Throwable cause) {
        String reason = AttemptFailure.of("the sink", cause).reason();
        end(new Outcome.RetryLater(null, Outcome.UNANSWERED, reason));
    }

    private void end(Outcome result) {
        outcome.complete(result);
    }
}
