package io.millrace.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is done at once, what later, and in which order.
final class OrderedWorkTest {
    private final SimulatedThreads threads =
            new SimulatedThreads(new Random(1), new SimulatedClock(), () -> {});
    private final OrderedWork work = new OrderedWork("work", threads);
    private final List<String> done = new ArrayList<>();

    private void run(String writer, boolean isLong, String what) {
        work.run(writer, isLong, () -> done.add(what), problem -> done.add(problem.getMessage()));
    }

    @Test
    void onlyWhatIsBehindLongWorkOfTheSameWriterWaits() {
        run("a", false, "a1");
        run("a", true, "a2");
        run("a", false, "a3");
        run("b", false, "b1");
        run("b", true, "b2");
        run("a", true, "a4");
        assertThat(done).containsExactly("a1", "b1");
        assertThat(threads.tick()).containsExactly("work", "work");
        assertThat(done).containsExactly("a1", "b1", "a2", "a3", "a4", "b2");
        run("a", false, "a5");
        assertThat(done).endsWith("a5");
    }

    @Test
    void whatComesWhileTheLastIsDoneWaits() {
        work.run("a", true, () -> run("a", false, "inner"), _ -> {});
        work.run("a", false, () -> done.add("outer"), _ -> {});
        threads.tick();
        assertThat(done).containsExactly("outer", "inner");
    }

    @Test
    void aFailureIsToldAndTheNextGoesOn() {
        work.run(
                "a",
                true,
                () -> {
                    throw new MillraceException(ErrorCode.BATCH_CORRUPT, "bad");
                },
                problem -> done.add(problem.code().name()));
        work.run(
                "a",
                false,
                () -> {
                    throw new IllegalStateException("a fault");
                },
                problem -> done.add(problem.code().name()));
        run("a", false, "last");
        threads.tick();
        assertThat(done).containsExactly("BATCH_CORRUPT", "INTERNAL", "last");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        work.run(
                                "a",
                                false,
                                () -> {
                                    throw new IllegalStateException("at once");
                                },
                                _ -> {}));
    }
}
