package io.millrace.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AgentThreadTest {
    @Test
    void anAgentThatWantsToSleepForATimeWorksAgainUnasked() throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(20);
        try (AgentThread thread = new AgentThread(napping(worked))) {
            thread.start();
            assertThat(worked.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// The simulator's timers do the same.
    @Test
    void aTimerThatFailsRunsAgain() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(3);
        try (AgentThreads threads = new AgentThreads()) {
            threads.every(
                    "failing",
                    Duration.ofMillis(1),
                    () -> {
                        ran.countDown();
                        throw new IllegalStateException("it fails on purpose");
                    });
            assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Agent napping(CountDownLatch worked) {
        return new Agent() {
            @Override
            public String name() {
                return "napping";
            }

            @Override
            public int doWork() {
                worked.countDown();
                return 0;
            }

            @Override
            public boolean hasWork() {
                return false;
            }

            @Override
            public long sleepNanosMax() {
                return TimeUnit.MILLISECONDS.toNanos(1);
            }
        };
    }
}
