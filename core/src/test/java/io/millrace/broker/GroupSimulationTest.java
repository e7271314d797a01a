package io.millrace.broker;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Random lives of queues and subscriptions on one thread.
///
/// `-Dgroup.simulation.seeds=100` says how many, `-Dgroup.simulation.from=0` where to begin; a
/// failing seed is run alone with `-Dgroup.simulation.from=SEED -Dgroup.simulation.seeds=1`. Every
/// 50th seed is lived through twice, to see that a seed says everything.
final class GroupSimulationTest {
    private static final int HISTORY_SHOWN = 60;
    private static final int TWICE_EVERY = 50;
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.millrace");

    @BeforeAll
    static void hush() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        LOG.setLevel(null);
    }

    @Test
    void whatWasAnsweredHoldsWhateverHappens() {
        long from = Long.getLong("group.simulation.from", 0);
        long seeds = Long.getLong("group.simulation.seeds", 100);
        for (long seed = from; seed < from + seeds; seed++) {
            List<String> history = run(seed);
            if (seed % TWICE_EVERY == 0 && !history.equals(run(seed))) {
                fail("seed %d does not do the same twice".formatted(seed));
            }
        }
    }

    private static List<String> run(long seed) {
        GroupSimulation simulation = new GroupSimulation(seed);
        try {
            simulation.run();
        } catch (Exception | Error e) {
            List<String> history = simulation.history();
            int shown = Math.min(HISTORY_SHOWN, history.size());
            fail(
                    ("seed %d failed after %d actions; run it alone with"
                                    + " -Dgroup.simulation.from=%d -Dgroup.simulation.seeds=1:"
                                    + " %s%n  %s")
                            .formatted(
                                    seed,
                                    history.size(),
                                    seed,
                                    e.getMessage(),
                                    String.join(
                                            "\n  ",
                                            history.subList(
                                                    history.size() - shown, history.size()))),
                    e);
        }
        return simulation.history();
    }
}
