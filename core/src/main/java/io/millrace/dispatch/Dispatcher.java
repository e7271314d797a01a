package io.millrace.dispatch;

import io.millrace.delivery.WebhookPermission;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.group.Leased;
import io.millrace.group.Supply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    private static final Duration BUSY = Duration.ofMillis(100);

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
    private final Attempts attempts;
    private final Pace pace;
    private DispatchState state = DispatchState.PAUSED;
    private @Nullable String reason;

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
        this.attempts = new Attempts(target, listener, intake, results, new Following());
        this.pace = new Pace(config, ground, () -> turns.run(this::wakened));
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
                    pace.release();
                    ask();
                }
                case ACTIVE -> {
                    pace.release();
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
        turns.run(() -> status.complete(results.status(state, reason, attempts.underWay())));
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
                if (attempts.underWay() > 0 && patience.isPositive()) {
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
        attempts.breakOff();
        endIfIdle();
    }

    private void endIfIdle() {
        if (state == DispatchState.CLOSED && attempts.underWay() == 0 && !closed.isDone()) {
            target.close();
            closed.complete(null);
        }
    }

    private void ask() {
        state = DispatchState.PENDING;
        reason = "the sink has not answered yet whether events may be pushed to it";
        permissions.ask(
                answer -> turns.run(() -> permitted(answer)),
                grant -> turns.run(() -> permitted(grant)));
    }

    /// What comes by callback during a pause holds after it.
    private void permitted(Permissions.Grant grant) {
        if (state != DispatchState.CLOSED
                && permissions.take(grant)
                && state == DispatchState.PENDING) {
            permissions.forget();
            begin(grant.permission().perMinute());
        }
    }

    private void begin(@Nullable Integer perMinute) {
        limit(perMinute);
        state = DispatchState.ACTIVE;
        reason = null;
        pump();
    }

    private void permitted(Permissions.Answer answer) {
        if (state != DispatchState.PENDING || !permissions.isLatest(answer)) {
            return;
        }
        switch (answer.permission()) {
            case WebhookPermission.Granted(Integer perMinute) -> begin(perMinute);
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
        pace.limit(lower);
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
        if (state != DispatchState.ACTIVE || pace.isHeld()) {
            return;
        }
        while (!intake.isEmpty() && attempts.underWay() < target.concurrencyMax()) {
            if (!pace.tryTake()) {
                break;
            }
            List<Parcel> parcels = intake.next(ground.clock().epochMillis());
            if (!parcels.isEmpty() && !attempts.begin(parcels)) {
                hold(BUSY);
                return;
            }
        }
        intake.refill();
    }

    private void wakened() {
        pace.woken();
        pump();
    }

    /// Begins nothing for a time, in which others may have what is not under way.
    private void hold(Duration time) {
        pace.hold(time);
        intake.giveBackAll();
        boolean _ = pace.isHeld();
    }

    /// What follows from attempts.
    private final class Following implements Attempts.Owner {
        @Override
        public void turn(Runnable action) {
            turns.run(action);
        }

        @Override
        public void hold(Duration time) {
            Dispatcher.this.hold(time);
        }

        @Override
        public void gone(String why) {
            if (state != DispatchState.CLOSED) {
                disable(why);
            }
        }

        @Override
        public void ended() {
            if (state != DispatchState.ACTIVE) {
                // What a rejected batch was split into.
                intake.giveBackAll();
                endIfIdle();
            }
            pump();
        }
    }
}
