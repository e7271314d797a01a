package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.RetrySchedule;
import io.millrace.group.Verdict;
import io.millrace.letter.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what attempts ended in into verdicts, and counts. Has its turns with its dispatcher.
final class Results {
    private static final Verdict DONE = new Verdict.Done();

    private final DispatcherConfig config;
    private final Intake intake;
    private final Ground ground;
    private final Meter meter;

    private long attempts;
    private long failed;
    private long delivered;
    private long deadLettered;
    private long dropped;
    private @Nullable String lastFailure;

    Results(DispatcherConfig config, Intake intake, Ground ground) {
        this.config = config;
        this.intake = intake;
        this.ground = ground;
        this.meter = new Meter(ground.clock().nanoTime());
    }

    void began() {
        attempts++;
    }

    void delivered(List<Parcel> parcels) {
        for (Parcel parcel : parcels) {
            intake.settle(parcel, DONE);
        }
        delivered += parcels.size();
        meter.add(parcels.size(), ground.clock().nanoTime());
    }

    /// An attempt failed; each of its events is tried again when its own failures say so.
    void retryLater(List<Parcel> parcels, Outcome.RetryLater outcome) {
        failed(outcome.reason());
        for (Parcel parcel : parcels) {
            long now = ground.clock().epochMillis();
            RetrySchedule.Failure failure =
                    new RetrySchedule.Failure(
                            parcel.cause().failures() + 1,
                            parcel.cause().firstMillis(),
                            now,
                            outcome.after());
            switch (config.retry().after(failure, ground.random())) {
                case RetrySchedule.Next.TryAt(long at) ->
                        intake.settle(parcel, new Verdict.Again(Duration.ofMillis(at - now), true));
                case RetrySchedule.Next.GiveUp(String reason) ->
                        bury(
                                parcel,
                                new Verdict.Bury(
                                        DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                                        outcome.reason() + "; " + reason,
                                        outcome.status()));
            }
        }
    }

    /// An event that is refused for good.
    void rejected(Parcel parcel, Outcome.Rejected outcome) {
        failed(outcome.reason());
        bury(
                parcel,
                new Verdict.Bury(DeadLetter.Reason.REJECTED, outcome.reason(), outcome.status()));
    }

    /// An event that cannot even be sent.
    void bury(Parcel parcel, Verdict.Bury verdict) {
        if (config.deadLetter()) {
            deadLettered++;
            intake.settle(parcel, verdict);
        } else {
            dropped++;
            intake.settle(parcel, DONE);
        }
    }

    void failed(String reason) {
        failed++;
        note(reason);
    }

    /// Something to be told to whoever asks.
    void note(String reason) {
        lastFailure = Instant.ofEpochMilli(ground.clock().epochMillis()) + ": " + reason;
    }

    DispatchStatus status(DispatchState state, @Nullable String reason, int inFlight) {
        return new DispatchStatus(
                state,
                reason,
                attempts,
                failed,
                delivered,
                deadLettered,
                dropped,
                inFlight,
                meter.perSecond(ground.clock().nanoTime()),
                lastFailure);
    }
}
