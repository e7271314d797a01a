package io.millrace.gateway.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TransactionSimulationTest {
    private static final int SEEDS = 150;

    @Test
    void everyTransactionEndsTheSameWayEverywhere() {
        int appended = 0;
        int crashes = 0;
        long commits = 0;
        long aborts = 0;
        int offsets = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            TransactionSimulation simulation = new TransactionSimulation(seed);
            simulation.run(4_000);
            appended += simulation.appended();
            crashes += simulation.crashes();
            commits += simulation.told(true);
            aborts += simulation.told(false);
            offsets += simulation.offsetsCompleted();
        }
        // A simulation in which little happens would find nothing.
        assertThat(appended).isGreaterThan(SEEDS * 20);
        assertThat(crashes).isGreaterThan(SEEDS);
        assertThat(commits).isGreaterThan(SEEDS * 5);
        assertThat(aborts).isGreaterThan(SEEDS);
        assertThat(offsets).isGreaterThan(SEEDS);
    }

    @Test
    void alsoWithAnySeed() {
        long seed = new Random().nextLong();
        new TransactionSimulation(seed).run(20_000);
    }
}
