package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.RateLimiter;
import io.millrace.delivery.WebhookPermission;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.group.Leased;
import io.millrace.group.Supply;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Brings the events of one subscription, from all its supplies, to one target. Thread-safe.
///
/// It has no thread: what happens to it happens in [Turns], on the threads of shards and of the
/// target. It begins paused.
///
/// Events reach the target in the order of each supply, as long as nothing fails and one delivery
/// is under way at a time; the order of keys is the supply's affair, which gives the next event of
/// a key when the one before is settled.
public final class Dispatcher implements Supply.Outlet {
    /// However long a sink wants to be left alone, it is tried again after this time.
    private static final Duration HOLD_MAX = Duration.ofHours(24);

    /// Fewer and larger steps cost less, and a rate forgives them.
    private static final long STEP_NANOS_MIN = 5_000_000;

    private static final long BUSY_NANOS = 100_000_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final DispatcherConfig config;
    private final Target target;
    private final Listener listener;
    private final Ground ground;
    private final Permissions permissions;
    private final Turns turns;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    // Everything from here on belongs to whoever has his turn.
    private final Intake intake;
    private final Results results;
    private final Set<Attempt> running = new LinkedHashSet<>();
    private DispatchState state = DispatchState.PAUSED;
    private @Nullable String reason;
    private RateLimiter limiter;
    private long holdUntilNanos;
    private boolean held;
    private long wakeNanos;
    private boolean wakes;

    /// Whom the dispatcher tells. Called on any thread, and not to be blocked.
    public interface Listener {
        /// The target answered with an event, which is to be published.
        ///
        /// @param cause what was delivered
        /// @param answer with `causationid` and `correlationid`
        /// @return completes when it is stored; exceptionally, with a MillraceException, if it is
        ///   not, and then the delivery has failed unless the answer itself is to blame
        CompletableFuture<?> answered(Leased cause, Event answer);

        /// The target is gone, or has denied its permission. The subscription is to be disabled;
        /// the dispatcher has stopped by itself.
        ///
        /// @param reason as a sentence
        void disabled(String reason);
    }

    private record Attempt(List<Parcel> parcels, CompletableFuture<Outcome> outcome) {
        /// Each is one of its kind.
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// @param target is closed with the dispatcher
    /// @param permissions where to ask for the target's permission
    public Dispatcher(
            DispatcherConfig config,
            Target target,
            Listener listener,
            Permissions permissions,
            Ground ground) {
        this.config = config;
        this.target = target;
        this.listener = listener;
        this.ground = ground;
        this.turns = new Turns(config.name());
        this.intake = new Intake(config, target, this::came);
        this.results = new Results(config, intake, ground);
        this.limiter = new RateLimiter(config.perMinute());
        this.permissions = permissions;
    }

    @Override
    public void available(Supply supply) {
        turns.run(() -> {
            if (state != DispatchState.CLOSED) {
                intake.offer(supply);
                pump();
            }
        });
    }

    /// Takes nothing more from a supply; what was taken from it and is not under way is given back.
    public void remove(Supply supply) {
        turns.run(() -> intake.remove(supply));
    }

    /// Begins, or goes on after a pause, or tries a target again that was gone or had denied its
    /// permission.
    public void resume() {
        turns.run(() -> {
            switch (state) {
                case PAUSED, PENDING, DISABLED -> {
                    held = false;
                    ask();
                }
                case ACTIVE -> {
                    held = false;
                    pump();
                }
                case CLOSED -> {}
            }
        });
    }

    /// Begins no more deliveries; those under way go on.
    public void pause() {
        turns.run(() -> {
            if (state != DispatchState.CLOSED) {
                stop(DispatchState.PAUSED, null);
            }
        });
    }

    private void stop(DispatchState stopped, @Nullable String why) {
        state = stopped;
        reason = why;
        permissions.forget();
        intake.giveBackAll();
    }

    private void disable(String why) {
        permissions.withdraw();
        stop(DispatchState.DISABLED, why);
        listener.disabled(why);
    }

    /// How it is doing. Not to be asked by whom the dispatcher calls.
    public DispatchStatus status() {
        CompletableFuture<DispatchStatus> status = new CompletableFuture<>();
        turns.run(() -> status.complete(results.status(state, reason, running.size())));
        return status.join();
    }

    /// Ends it: begins nothing more, and gives back what is not under way.
    ///
    /// @param patience how long to wait for what is under way; then it is broken off and given back
    /// @return completes when all is given back and the target is closed
    public CompletableFuture<@Nullable Void> close(Duration patience) {
        turns.run(() -> {
            if (state != DispatchState.CLOSED) {
                stop(DispatchState.CLOSED, null);
                endIfIdle();
                if (!running.isEmpty() && patience.isPositive()) {
                    ground.threading()
                            .after(config.name(), patience, () -> turns.run(this::breakOff));
                    return;
                }
            }
            if (!patience.isPositive()) {
                breakOff();
            }
        });
        return closed;
    }

    private void breakOff() {
        List<Attempt> broken = List.copyOf(running);
        running.clear();
        for (Attempt attempt : broken) {
            attempt.parcels().forEach(intake::giveBack);
            attempt.outcome().cancel(true);
        }
        endIfIdle();
    }

    private void endIfIdle() {
        if (state == DispatchState.CLOSED && running.isEmpty() && !closed.isDone()) {
            target.close();
            closed.complete(null);
        }
    }

    private void ask() {
        state = DispatchState.PENDING;
        reason = "the sink has not answered yet whether events may be pushed to it";
        permissions.ask(answer -> turns.run(() -> permitted(answer)));
    }

    private void permitted(Permissions.Answer answer) {
        if (state != DispatchState.PENDING || !permissions.isLatest(answer)) {
            return;
        }
        switch (answer.permission()) {
            case WebhookPermission.Granted(Integer perMinute) -> {
                limit(perMinute);
                state = DispatchState.ACTIVE;
                reason = null;
                pump();
            }
            case WebhookPermission.Denied(String why) -> {
                results.note(why);
                disable(why);
            }
            case WebhookPermission.Awaited _ -> {
                reason = "the sink has not given its permission yet";
                askLater(Permissions.AWAITED_DELAY);
            }
            case null -> {
                String why = answer.problem() + "; it is asked for permission again";
                results.note(why);
                reason = why;
                askLater(answer.delay());
            }
        }
    }

    private void askLater(Duration delay) {
        Permissions.Question question = permissions.latest();
        ground.threading()
                .after(
                        config.name(),
                        delay,
                        () ->
                                turns.run(() -> {
                                    if (permissions.latest().equals(question)) {
                                        ask();
                                    }
                                }));
    }

    /// The lower of what the target allows and what is wanted.
    private void limit(@Nullable Integer granted) {
        Integer wanted = config.perMinute();
        Integer lower =
                granted == null
                        ? wanted
                        : wanted == null ? granted : Integer.valueOf(Math.min(wanted, granted));
        limiter = new RateLimiter(lower);
        intake.limit(lower);
    }

    /// Events were taken; on the thread of their shard.
    private void came(Intake.Taken taken) {
        Supply supply = taken.source().supply();
        Transform transform = config.transform();
        if (transform == null || taken.events().isEmpty()) {
            turns.run(() -> prepared(taken, Preparation.plain(supply, taken.events())));
            return;
        }
        ground.threading()
                .after(
                        config.name(),
                        Duration.ZERO,
                        () -> {
                            Preparation made =
                                    Preparation.transformed(supply, taken.events(), transform);
                            turns.run(() -> prepared(taken, made));
                        });
    }

    private void prepared(Intake.Taken taken, Preparation preparation) {
        boolean wanted = intake.answered(taken);
        for (Preparation.Failure failure : preparation.failures()) {
            intake.hold(failure.parcel());
            results.failed(failure.detail());
            results.bury(failure.parcel(), failure.verdict());
        }
        intake.add(preparation.parcels());
        if (!wanted) {
            intake.giveBack(taken.source().supply());
        } else if (state == DispatchState.ACTIVE) {
            pump();
        } else {
            intake.giveBackAll();
        }
    }

    /// Begins what may begin, and sees that more comes.
    private void pump() {
        if (state != DispatchState.ACTIVE) {
            return;
        }
        long now = ground.clock().nanoTime();
        if (held && holdUntilNanos - now > 0) {
            wakeIn(holdUntilNanos - now, now);
            return;
        }
        held = false;
        while (!intake.isEmpty() && running.size() < target.concurrencyMax()) {
            long wait = limiter.tryTake(now);
            if (wait > 0) {
                wakeIn(Math.max(wait, STEP_NANOS_MIN), now);
                break;
            }
            List<Parcel> parcels = intake.next(ground.clock().epochMillis());
            if (!parcels.isEmpty() && !begin(parcels)) {
                holdFor(BUSY_NANOS, now);
                return;
            }
        }
        intake.refill();
    }

    private void wakeIn(long nanos, long now) {
        long at = now + nanos;
        if (wakes && wakeNanos - at <= 0) {
            return;
        }
        wakes = true;
        wakeNanos = at;
        ground.threading()
                .after(
                        config.name(),
                        Duration.ofNanos(nanos),
                        () ->
                                turns.run(() -> {
                                    wakes &= wakeNanos != at;
                                    pump();
                                }));
    }

    private boolean begin(List<Parcel> parcels) {
        CompletableFuture<Outcome> outcome;
        try {
            outcome = target.deliver(parcels);
        } catch (RejectedExecutionException _) {
            parcels.forEach(intake::giveBack);
            return false;
        }
        Attempt attempt = new Attempt(parcels, outcome);
        running.add(attempt);
        results.began();
        CompletableFuture<Outcome> _ =
                outcome.whenComplete(
                        (result, problem) -> turns.run(() -> ended(attempt, result, problem)));
        return true;
    }

    private void ended(Attempt attempt, @Nullable Outcome outcome, @Nullable Throwable problem) {
        if (!running.contains(attempt)) {
            return;
        }
        switch (outcome) {
            case Outcome.Delivered delivered -> delivered(attempt, delivered);
            case Outcome.RetryLater retry -> retryLater(attempt, retry);
            case Outcome.Rejected rejected -> rejected(attempt, rejected);
            case Outcome.Gone gone -> {
                finish(attempt);
                results.failed(gone.reason());
                attempt.parcels().forEach(intake::giveBack);
                if (state != DispatchState.CLOSED) {
                    disable(gone.reason());
                }
            }
            case null ->
                    retryLater(
                            attempt,
                            new Outcome.RetryLater(
                                    null,
                                    Outcome.UNANSWERED,
                                    "the attempt failed inside the server (%s)"
                                            .formatted(problem)));
        }
        endIfIdle();
        pump();
    }

    private void finish(Attempt attempt) {
        running.remove(attempt);
    }

    private void delivered(Attempt attempt, Outcome.Delivered outcome) {
        Event answer = outcome.answer();
        if (outcome.answerProblem() != null) {
            results.note(outcome.answerProblem());
        }
        if (answer == null || attempt.parcels().size() > 1) {
            if (answer != null) {
                results.note(
                        "the sink answered a batch with an event; as it has no single cause, it"
                                + " was not published");
            }
            finish(attempt);
            results.delivered(attempt.parcels());
            return;
        }
        Parcel parcel = attempt.parcels().getFirst();
        CompletableFuture<?> published;
        try {
            published = listener.answered(parcel.cause(), Answers.derived(parcel.event(), answer));
        } catch (RuntimeException e) {
            published = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> _ =
                published.whenComplete(
                        (_, problem) -> turns.run(() -> published(attempt, outcome, problem)));
    }

    /// Only now the delivery has had its effect.
    private void published(
            Attempt attempt, Outcome.Delivered outcome, @Nullable Throwable problem) {
        if (!running.contains(attempt)) {
            return;
        }
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        boolean toBlame =
                cause instanceof MillraceException refused
                        && refused.code().kind() == ErrorCode.Kind.CALLER;
        String why =
                cause == null
                        ? null
                        : "the event in the sink's answer could not be published: "
                                + cause.getMessage();
        if (why != null && !toBlame) {
            retryLater(attempt, new Outcome.RetryLater(null, outcome.status(), why));
        } else {
            if (why != null) {
                results.note(why);
            }
            finish(attempt);
            results.delivered(attempt.parcels());
        }
        endIfIdle();
        pump();
    }

    private void retryLater(Attempt attempt, Outcome.RetryLater outcome) {
        finish(attempt);
        results.retryLater(attempt.parcels(), outcome);
        Duration after = outcome.after();
        boolean all = outcome.status() == TOO_MANY_REQUESTS || outcome.status() == UNAVAILABLE;
        if (after != null && after.isPositive() && all) {
            Duration hold = after.compareTo(HOLD_MAX) > 0 ? HOLD_MAX : after;
            holdFor(hold.toNanos(), ground.clock().nanoTime());
        }
    }

    /// Begins nothing for a time.
    private void holdFor(long nanos, long now) {
        long until = now + nanos;
        if (!held || until - holdUntilNanos > 0) {
            holdUntilNanos = until;
        }
        held = true;
        intake.giveBackAll();
        wakeIn(holdUntilNanos - now, now);
    }

    private void rejected(Attempt attempt, Outcome.Rejected outcome) {
        finish(attempt);
        List<Parcel> parcels = attempt.parcels();
        if (parcels.size() == 1) {
            results.rejected(parcels.getFirst(), outcome);
        } else {
            results.failed(outcome.reason());
            intake.split(parcels);
            if (state != DispatchState.ACTIVE) {
                intake.giveBackAll();
            }
        }
    }
}
