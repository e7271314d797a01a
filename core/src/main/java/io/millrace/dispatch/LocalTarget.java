package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A place within this server: another context, or a queue.
///
/// What the event is to blame for is not tried again; whatever lies with the server is, until it
/// passes.
public final class LocalTarget implements Target {
    private static final int CONCURRENCY_MAX = 256;

    private final String name;
    private final Placement placement;

    /// Puts an event where it belongs.
    @FunctionalInterface
    public interface Placement {
        /// @param cause what the event was made of; a queue takes one job for each
        /// @param event to be published, or to become a job
        /// @return completes when it is stored; exceptionally, with a MillraceException that says
        ///   why, if it is not
        CompletableFuture<?> place(Leased cause, Event event);
    }

    /// @param name of the place, as in: the context /org/contoso/derived
    public LocalTarget(String name, Placement placement) {
        this.name = name;
        this.placement = placement;
    }

    @Override
    public int eventsMax() {
        return 1;
    }

    @Override
    public int concurrencyMax() {
        return CONCURRENCY_MAX;
    }

    @Override
    public CompletableFuture<Outcome> deliver(List<Parcel> parcels) {
        Parcel parcel = parcels.getFirst();
        CompletableFuture<?> placed;
        try {
            placed = placement.place(parcel.cause(), parcel.event());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(outcome(e));
        }
        return placed.handle((_, problem) -> outcome(problem));
    }

    private Outcome outcome(@Nullable Throwable problem) {
        if (problem == null) {
            return new Outcome.Delivered(Outcome.UNANSWERED, null, null);
        }
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        String reason = "%s did not take the event: %s".formatted(name, cause.getMessage());
        return cause instanceof MillraceException refused && blamesTheEvent(refused.code())
                ? new Outcome.Rejected(Outcome.UNANSWERED, reason)
                : new Outcome.RetryLater(null, Outcome.UNANSWERED, reason);
    }

    /// The first thousand of the catalogue is about events.
    private static boolean blamesTheEvent(ErrorCode code) {
        return code.number() / 1000 == 1;
    }

    @Override
    public void close() {
        // What is under way ends by itself.
    }
}
