package io.millrace.connect.sink;

import io.millrace.delivery.DeliveryMode;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.Sink;
import io.millrace.delivery.WebhookPermission;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Pushes events to a URL (CloudEvents HTTP binding, http-webhook.md). Made by [HttpSinks].
///
/// The methods may be called on any thread; everything else happens on the sink's event loop, where
/// futures complete too.
public final class HttpSink implements Sink {
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final String CLOSED = "the server closed the sink";

    private final SinkParts parts;
    private final AtomicInteger accepted = new AtomicInteger();

    // Owned by the loop.
    private final Set<Delivery> running = new HashSet<>();
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private boolean closed;

    HttpSink(SinkParts parts) {
        this.parts = parts;
    }

    @Override
    public int eventsMax() {
        return parts.config().mode() == DeliveryMode.BATCH
                ? parts.config().limits().eventsMax()
                : 1;
    }

    @Override
    public int concurrencyMax() {
        return parts.config().limits().concurrencyMax();
    }

    @Override
    public CompletableFuture<Outcome> deliver(List<Event> events) {
        if (events.isEmpty() || events.size() > eventsMax()) {
            throw new IllegalArgumentException(
                    "a delivery must hold 1 to %d events, but holds %d"
                            .formatted(eventsMax(), events.size()));
        }
        // Twice as many: those that were cancelled still have to be broken off.
        if (accepted.incrementAndGet() > 2 * concurrencyMax()) {
            accepted.decrementAndGet();
            throw new RejectedExecutionException(
                    "more than twice %d deliveries are under way".formatted(concurrencyMax()));
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Delivery delivery = new Delivery(parts, List.copyOf(events), outcome);
        parts.loop().run(() -> enter(delivery));
        return outcome;
    }

    private void enter(Delivery delivery) {
        // Completed by the loop or, if it is cancelled, by anyone.
        CompletableFuture<Outcome> _ =
                delivery.outcome()
                        .whenComplete((_, _) -> {
                            accepted.decrementAndGet();
                            if (delivery.outcome().isCancelled()) {
                                parts.loop().run(() -> leave(delivery, true));
                            } else {
                                leave(delivery, false);
                            }
                        });
        if (delivery.outcome().isDone()) {
            return;
        }
        if (closed) {
            delivery.giveUp(CLOSED);
        } else if (waiting.isEmpty() && running.size() < concurrencyMax()) {
            running.add(delivery);
            delivery.start();
        } else {
            waiting.add(delivery);
        }
    }

    private void leave(Delivery delivery, boolean cancelled) {
        if (cancelled) {
            delivery.giveUp("the attempt was given up");
        }
        waiting.remove(delivery);
        if (running.remove(delivery) && !waiting.isEmpty()) {
            // Not at once: the connection of the one that ends is free for the next only then.
            parts.loop().run(this::startWaiting);
        }
    }

    private void startWaiting() {
        while (!closed && running.size() < concurrencyMax() && !waiting.isEmpty()) {
            Delivery next = waiting.remove();
            running.add(next);
            next.start();
        }
    }

    /// Asks the sink for permission to push to it (http-webhook.md, section 4).
    ///
    /// @return completes on the sink's loop, within its time-out; exceptionally, with a reason as
    ///   its message, if the sink did not answer
    public CompletableFuture<WebhookPermission> ask(WebhookPermission.Question question) {
        CompletableFuture<WebhookPermission> permission = new CompletableFuture<>();
        parts.loop().run(() -> ask(question, permission));
        return permission;
    }

    private void ask(
            WebhookPermission.Question question, CompletableFuture<WebhookPermission> permission) {
        MultiMap headers = HttpHeaders.headers();
        parts.config().headers().forEach((name, value) -> headers.set(name, value.reveal()));
        headers.set("webhook-request-origin", question.origin());
        Integer rate = question.perMinute();
        if (rate != null) {
            headers.set("webhook-request-rate", rate.toString());
        }
        if (question.callback() != null) {
            headers.set("webhook-request-callback", question.callback().reveal());
        }
        HttpCall.Plan plan =
                new HttpCall.Plan(
                        HttpMethod.OPTIONS,
                        headers,
                        Bytes.EMPTY,
                        ANSWER_BYTES_MAX,
                        (_, _) -> false);
        long deadline =
                parts.loop().clock().nanoTime() + parts.config().limits().timeout().toNanos();
        new HttpCall(parts.loop(), parts.peer(), plan, deadline)
                .start()
                .onComplete(
                        answer -> judge(question, answer, permission),
                        cause ->
                                permission.completeExceptionally(
                                        AttemptFailure.of("the sink", cause)));
    }

    /// Its status does not count for a sink that answers, but one that is out of order, or has a
    /// gateway before it that says so, has not answered.
    private static void judge(
            WebhookPermission.Question question,
            HttpAnswer answer,
            CompletableFuture<WebhookPermission> permission) {
        String origin = answer.headers().get("webhook-allowed-origin");
        if (origin == null && isOutOfOrder(answer.status())) {
            permission.completeExceptionally(
                    new AttemptFailure(
                            "the sink answered %d when it was asked for permission"
                                    .formatted(answer.status())));
            return;
        }
        permission.complete(
                WebhookPermission.of(
                        question, origin, answer.headers().get("webhook-allowed-rate")));
    }

    /// A server that does not implement OPTIONS says so with 501.
    private static boolean isOutOfOrder(int status) {
        return status == 408 || status == 429 || (status / 100 == 5 && status != 501);
    }

    @Override
    public void close() {
        parts.loop()
                .run(() -> {
                    closed = true;
                    List.copyOf(waiting).forEach(each -> each.giveUp(CLOSED));
                    List.copyOf(running).forEach(each -> each.giveUp(CLOSED));
                });
    }

    @Override
    public String toString() {
        return "HttpSink[" + parts.config().address() + "]";
    }
}
