package io.millrace.log;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Random lives of logs on the simulated disk.
///
/// `-Dlog.simulation.seeds=5000` says how many, `-Dlog.simulation.from=0` where to begin; a failing
/// seed is run alone with `-Dlog.simulation.from=SEED -Dlog.simulation.seeds=1`.
final class LogSimulationTest {
    private static final int HISTORY_SHOWN = 40;

    @Test
    void nothingPromisedIsEverLost() {
        long from = Long.getLong("log.simulation.from", 0);
        long seeds = Long.getLong("log.simulation.seeds", 5000);
        for (long seed = from; seed < from + seeds; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        LogSimulation simulation = null;
        try {
            simulation = new LogSimulation(seed);
            simulation.run();
        } catch (AssertionError | RuntimeException | IOException e) {
            List<String> history = simulation == null ? List.of() : simulation.history();
            int shown = Math.min(HISTORY_SHOWN, history.size());
            fail(
                    ("seed %d failed after %d steps; run it alone with -Dlog.simulation.from=%d"
                                    + " -Dlog.simulation.seeds=1%n  %s")
                            .formatted(
                                    seed,
                                    history.size(),
                                    seed,
                                    String.join(
                                            "\n  ",
                                            history.subList(
                                                    history.size() - shown, history.size()))),
                    e);
        }
    }
}
