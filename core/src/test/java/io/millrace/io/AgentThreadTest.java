package io.millrace.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
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

    /// Whoever brings work does it or wakes the thread, as chance wants: all of it is done, by one
    /// at a time.
    @Test
    void anAgentThatIsLentIsWithOneThreadAtATime() throws InterruptedException {
        Sum sum = new Sum();
        List<Thread> bringing = new ArrayList<>();
        try (AgentThread thread = new AgentThread(sum)) {
            thread.start();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(i);
                bringing.add(Thread.ofPlatform().start(() -> bring(sum, thread, random)));
            }
            for (Thread each : bringing) {
                each.join();
            }
            assertThat(sum.done.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(sum.overlaps).isZero();
        assertThat(sum.lent).isPositive();
    }

    private static void bring(Sum sum, AgentThread thread, Random random) {
        for (int i = 0; i < Sum.EACH; i++) {
            sum.waiting.add(1);
            if (random.nextInt(3) == 0) {
                thread.wake();
            } else {
                thread.workHere();
            }
            if (random.nextInt(50) == 0) {
                LockSupport.parkNanos(1);
            }
        }
    }

    @Test
    void anAgentIsNotLentAfterTheEnd() {
        Sum sum = new Sum();
        AgentThread thread = new AgentThread(sum);
        thread.start();
        thread.close();
        sum.waiting.add(1);
        thread.workHere();
        assertThat(sum.total).isZero();
    }

    private static final class Sum implements Agent {
        private static final int EACH = 50_000;

        final ConcurrentLinkedQueue<Integer> waiting = new ConcurrentLinkedQueue<>();
        final CountDownLatch done = new CountDownLatch(1);

        /// Not volatile: whoever has the agent sees what the one before did.
        private long total;

        private long overlaps;
        private long lent;
        private final AtomicBoolean busy = new AtomicBoolean();

        @Override
        public String name() {
            return "sum";
        }

        @Override
        public int doWork() {
            if (!busy.compareAndSet(false, true)) {
                overlaps++;
            }
            if (!Thread.currentThread().getName().equals("sum")) {
                lent++;
            }
            int work = 0;
            while (work < 3 && waiting.poll() != null) {
                total++;
                work++;
            }
            if (total == 4 * EACH) {
                done.countDown();
            }
            busy.set(false);
            return work;
        }

        @Override
        public boolean hasWork() {
            return !waiting.isEmpty();
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
