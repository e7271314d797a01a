package io.millrace.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What happens at the moments at which an agent changes hands: work that comes then is neither
/// lost nor left lying, and nobody waits for ever.
final class AgentHandoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OWN = "scripted";

    private final Scripted agent = new Scripted();
    private final AgentThread thread = new AgentThread(agent);

    @Test
    void whoSleepsIsWoken() {
        startAndSleep();
        agent.waiting.add("work");
        thread.wake();
        assertDoneBy(OWN);
        end();
    }

    @Test
    void workThatComesBeforeItAnnouncesSleepIsDone() {
        agent.beforeSleep.set(() -> bring("late"));
        thread.start();
        assertDoneBy(OWN);
        end();
    }

    @Test
    void workThatComesAfterTheLastLookIsDone() {
        agent.afterLook.set(() -> bring("later"));
        thread.start();
        assertDoneBy(OWN);
        end();
    }

    @Test
    void workThatComesWhileTheAgentIsLentIsDone() {
        startAndSleep();
        agent.waiting.add("first");
        agent.within.set(() -> bring("second"));
        thread.workHere();
        assertDoneBy(Thread.currentThread().getName(), OWN);
        end();
    }

    @Test
    void workThatIsToBeDoneHereWhileTheAgentIsLentIsDoneByItsThread() {
        startAndSleep();
        agent.waiting.add("first");
        agent.within.set(() -> {
            agent.waiting.add("second");
            thread.workHere();
        });
        thread.workHere();
        assertDoneBy(Thread.currentThread().getName(), OWN);
        end();
    }

    @Test
    void workThatComesWhileTheAgentIsGivenBackIsDone() {
        startAndSleep();
        agent.waiting.add("first");
        agent.afterLook.set(() -> bring("second"));
        thread.workHere();
        assertDoneBy(Thread.currentThread().getName(), OWN);
        end();
    }

    @Test
    void theThreadKeepsATimeThatTheAgentWasGivenElsewhere() {
        startAndSleep();
        agent.waiting.add("first");
        agent.within.set(() -> agent.sleepNanosMax = TimeUnit.MILLISECONDS.toNanos(1));
        thread.workHere();
        int before = agent.rounds.get();
        await().atMost(PATIENCE).until(() -> agent.rounds.get() > before + 3);
        end();
    }

    @Test
    void aFailureDoesNotReachWhoBorrows() {
        startAndSleep();
        agent.waiting.add("first");
        agent.within.set(() -> {
            throw new IllegalStateException("it fails on purpose");
        });
        thread.workHere();
        bring("second");
        assertDoneBy(Thread.currentThread().getName(), OWN);
        end();
    }

    @Test
    void whatWasThereBeforeTheEndIsDone() {
        startAndSleep();
        AtomicReference<Thread> closing = new AtomicReference<>();
        agent.within.set(() -> closing.set(closeElsewhere()));
        agent.waiting.addAll(List.of("one", "two", "three"));
        thread.wake();
        assertDoneBy(OWN, OWN, OWN);
        await().atMost(PATIENCE).until(() -> !closing.get().isAlive());
    }

    @Test
    void theEndWaitsForWhoHasBorrowed() {
        startAndSleep();
        agent.waiting.add("first");
        AtomicReference<Thread> closing = new AtomicReference<>();
        AtomicBoolean waited = new AtomicBoolean();
        agent.within.set(() -> {
            closing.set(closeElsewhere());
            // It was told to end, and has nothing to do but to wait for the agent.
            awaitSleep();
            waited.set(closing.get().isAlive());
        });
        thread.workHere();
        // Asked here, as the agent's thread survives what fails within its work.
        assertThat(waited).isTrue();
        await().atMost(PATIENCE).until(() -> !closing.get().isAlive());
        assertDoneBy(Thread.currentThread().getName());
    }

    private void bring(String work) {
        agent.waiting.add(work);
        thread.wake();
    }

    private void startAndSleep() {
        thread.start();
        awaitSleep();
    }

    private void awaitSleep() {
        await().atMost(PATIENCE)
                .until(() -> {
                    Thread own = agent.own;
                    return own != null && own.getState() == Thread.State.WAITING;
                });
    }

    private void assertDoneBy(String... threads) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(agent.doneBy).containsExactly(threads));
    }

    /// Begins the end.
    ///
    /// @return the thread that waits for it
    private Thread closeElsewhere() {
        Thread closing = Thread.ofPlatform().daemon().start(thread::close);
        await().atMost(PATIENCE).until(() -> closing.getState() == Thread.State.WAITING);
        return closing;
    }

    private void end() {
        Thread closing = Thread.ofPlatform().daemon().start(thread::close);
        await().atMost(PATIENCE).until(() -> !closing.isAlive());
    }

    /// Does one piece of work at a time. What a test wants to happen at a certain moment happens
    /// once.
    private static final class Scripted implements Agent {
        final ConcurrentLinkedQueue<String> waiting = new ConcurrentLinkedQueue<>();

        /// The names of the threads, for each piece of work.
        final List<String> doneBy = new CopyOnWriteArrayList<>();

        final AtomicReference<@Nullable Runnable> within = new AtomicReference<>();
        final AtomicReference<@Nullable Runnable> afterLook = new AtomicReference<>();
        final AtomicReference<@Nullable Runnable> beforeSleep = new AtomicReference<>();
        volatile long sleepNanosMax = Long.MAX_VALUE;
        final AtomicInteger rounds = new AtomicInteger();
        volatile @Nullable Thread own;

        @Override
        public String name() {
            return OWN;
        }

        @Override
        public int doWork() {
            rounds.incrementAndGet();
            if (Thread.currentThread().getName().equals(OWN)) {
                own = Thread.currentThread();
            }
            if (waiting.poll() == null) {
                return 0;
            }
            doneBy.add(Thread.currentThread().getName());
            once(within);
            return 1;
        }

        @Override
        public boolean hasWork() {
            boolean has = !waiting.isEmpty();
            if (!has) {
                once(afterLook);
            }
            return has;
        }

        @Override
        public long sleepNanosMax() {
            once(beforeSleep);
            return sleepNanosMax;
        }

        private static void once(AtomicReference<@Nullable Runnable> step) {
            Runnable action = step.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }
}
