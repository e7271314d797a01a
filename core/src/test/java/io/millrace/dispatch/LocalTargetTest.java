package io.millrace.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Outcome;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.simulator.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LocalTargetTest {
    private final List<Leased> causes = new ArrayList<>();

    @Test
    void theEventIsPlacedWithItsCause() {
        Event made = Scene.event(9).build();
        Parcel parcel = parcel();
        LocalTarget target =
                new LocalTarget(
                        "the queue q",
                        (cause, event) -> {
                            causes.add(cause);
                            assertThat(event).isEqualTo(made);
                            return CompletableFuture.completedFuture(1L);
                        });
        Parcel transformed = new Parcel(parcel.supply(), parcel.cause(), made, false);
        assertThat(target.deliver(List.of(transformed)))
                .isCompletedWithValue(new Outcome.Delivered(0, null, null));
        assertThat(causes).containsExactly(parcel.cause());
    }

    @Test
    void whatTheEventIsToBlameForIsNotTriedAgain() {
        assertThat(failing(ErrorCode.EVENT_TOO_LARGE)).isInstanceOf(Outcome.Rejected.class);
        assertThat(failing(ErrorCode.CONTEXT_RESERVED)).isInstanceOf(Outcome.Rejected.class);
        for (ErrorCode code :
                List.of(
                        ErrorCode.QUEUE_NOT_FOUND,
                        ErrorCode.QUEUE_FULL,
                        ErrorCode.OVERLOADED,
                        ErrorCode.DISK_FULL,
                        ErrorCode.FORBIDDEN)) {
            assertThat(failing(code)).isInstanceOf(Outcome.RetryLater.class);
        }
    }

    @Test
    void aPlaceThatThrowsHasFailed() {
        LocalTarget target =
                new LocalTarget(
                        "the queue q",
                        (_, _) -> {
                            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "stopping");
                        });
        assertThat(target.deliver(List.of(parcel())).join())
                .isEqualTo(
                        new Outcome.RetryLater(
                                null, 0, "the queue q did not take the event: stopping"));
    }

    private static Outcome failing(ErrorCode code) {
        LocalTarget target =
                new LocalTarget(
                        "the queue q",
                        (_, _) -> CompletableFuture.failedFuture(new MillraceException(code, "x")));
        return target.deliver(List.of(parcel())).join();
    }

    private static Parcel parcel() {
        FakeSupply supply = new FakeSupply(Runnable::run, new SimulatedClock(), 0);
        supply.put(Scene.events(1, 1));
        Leased leased = supply.take(1, Duration.ofMinutes(1)).getFirst();
        return new Parcel(supply, leased, leased.event().event(), false);
    }
}
