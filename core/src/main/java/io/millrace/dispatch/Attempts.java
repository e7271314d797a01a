package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The attempts that are under way, and what becomes of each. Has its turns with its dispatcher.
final class Attempts {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Target target;
    private final Dispatcher.Listener listener;
    private final Intake intake;
    private final Results results;
    private final Owner owner;
    private final Set<Attempt> running = new HashSet<>();

    /// Whoever makes the attempts.
    interface Owner {
        /// Lets something have its turn.
        void turn(Runnable action);

        /// The target wants to be left alone.
        void hold(Duration time);

        /// The target is there no more.
        void gone(String reason);

        /// An attempt has ended, and all is settled.
        void ended();
    }

    /// Each is one of its kind.
    private static final class Attempt {
        final List<Parcel> parcels;
        final CompletableFuture<Outcome> outcome;

        Attempt(List<Parcel> parcels, CompletableFuture<Outcome> outcome) {
            this.parcels = parcels;
            this.outcome = outcome;
        }
    }

    Attempts(
            Target target,
            Dispatcher.Listener listener,
            Intake intake,
            Results results,
            Owner owner) {
        this.target = target;
        this.listener = listener;
        this.intake = intake;
        this.results = results;
        this.owner = owner;
    }

    int underWay() {
        return running.size();
    }

    /// @return false if the target takes nothing now; then all is given back
    boolean begin(List<Parcel> parcels) {
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
                        (result, problem) -> owner.turn(() -> ended(attempt, result, problem)));
        return true;
    }

    /// Gives up and gives back everything that is under way.
    void breakOff() {
        List<Attempt> broken = List.copyOf(running);
        running.clear();
        for (Attempt attempt : broken) {
            attempt.parcels.forEach(intake::giveBack);
            attempt.outcome.cancel(true);
        }
    }

    private void ended(Attempt attempt, @Nullable Outcome outcome, @Nullable Throwable problem) {
        if (!running.contains(attempt)) {
            return;
        }
        switch (outcome) {
            case Outcome.Delivered delivered -> {
                if (delivered(attempt, delivered)) {
                    return;
                }
            }
            case Outcome.RetryLater retry -> retryLater(attempt, retry);
            case Outcome.Rejected rejected -> rejected(attempt, rejected);
            case Outcome.Gone gone -> {
                running.remove(attempt);
                results.failed(gone.reason());
                attempt.parcels.forEach(intake::giveBack);
                owner.gone(gone.reason());
            }
            case null ->
                    retryLater(attempt, unanswered("the attempt failed in the server: " + problem));
        }
        owner.ended();
    }

    private static Outcome.RetryLater unanswered(String reason) {
        return new Outcome.RetryLater(null, Outcome.UNANSWERED, reason);
    }

    private void done(Attempt attempt) {
        running.remove(attempt);
        results.delivered(attempt.parcels);
    }

    /// @return whether the attempt goes on, as its answer is being published
    private boolean delivered(Attempt attempt, Outcome.Delivered outcome) {
        if (outcome.answerProblem() != null) {
            results.note(outcome.answerProblem());
        }
        Event answer = outcome.answer();
        if (answer != null && attempt.parcels.size() == 1) {
            publish(attempt, outcome.status(), answer);
            return true;
        }
        if (answer != null) {
            results.note(
                    "the sink answered a batch with an event; as it has no single cause, it was"
                            + " not published");
        }
        done(attempt);
        return false;
    }

    private void publish(Attempt attempt, int status, Event answer) {
        Parcel parcel = attempt.parcels.getFirst();
        CompletableFuture<?> published;
        try {
            published = listener.answered(parcel.cause(), Answers.derived(parcel.event(), answer));
        } catch (RuntimeException e) {
            published = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> _ =
                published.whenComplete(
                        (_, problem) -> owner.turn(() -> published(attempt, status, problem)));
    }

    /// Only now the delivery has had its effect.
    private void published(Attempt attempt, int status, @Nullable Throwable problem) {
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
        if (cause == null) {
            done(attempt);
        } else {
            String why =
                    "the event in the sink's answer could not be published: " + cause.getMessage();
            if (toBlame) {
                // It never could, however often the sink is asked.
                results.note(why);
                done(attempt);
            } else {
                retryLater(attempt, new Outcome.RetryLater(null, status, why));
            }
        }
        owner.ended();
    }

    private void retryLater(Attempt attempt, Outcome.RetryLater outcome) {
        running.remove(attempt);
        results.retryLater(attempt.parcels, outcome);
        Duration after = outcome.after();
        boolean overloaded =
                outcome.status() == TOO_MANY_REQUESTS || outcome.status() == UNAVAILABLE;
        if (after != null && after.isPositive() && overloaded) {
            owner.hold(after);
        }
    }

    private void rejected(Attempt attempt, Outcome.Rejected outcome) {
        running.remove(attempt);
        if (attempt.parcels.size() == 1) {
            results.rejected(attempt.parcels.getFirst(), outcome);
        } else {
            results.failed(outcome.reason());
            intake.split(attempt.parcels);
        }
    }
}
