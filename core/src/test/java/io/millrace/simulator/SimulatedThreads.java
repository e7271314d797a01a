package io.millrace.simulator;

import io.millrace.error.MillraceException;
import io.millrace.io.Agent;
import io.millrace.io.Threading;
import io.millrace.io.Wakeup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All agents on the one thread of the simulator: chance says which works next.
///
/// Agents sleep as real ones do: one that had nothing to do works again only when it is woken or
/// has slept as long as it wanted to, so a wake-up that is forgotten shows as a standstill.
public final class SimulatedThreads implements Threading {
    private static final int STEPS_MAX = 100_000;

    private final RandomGenerator random;
    private final SimulatedClock clock;
    private final Runnable meanwhile;
    private final List<Running> agents = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private final List<Timer> once = new ArrayList<>();
    private BiConsumer<String, MillraceException> whenTimerFails =
            (_, problem) -> {
                throw problem;
            };

    /// @param meanwhile what others do while somebody waits; called again and again
    public SimulatedThreads(RandomGenerator random, SimulatedClock clock, Runnable meanwhile) {
        this.random = random;
        this.clock = clock;
        this.meanwhile = meanwhile;
    }

    private static final class Running implements Wakeup {
        final Agent agent;
        private final SimulatedClock clock;
        private final RandomGenerator random;
        private boolean isAwake = true;
        private long sleepNanosMax;
        private long asleepSinceNanos;
        boolean isWorking;

        Running(Agent agent, SimulatedClock clock, RandomGenerator random) {
            this.agent = agent;
            this.clock = clock;
            this.random = random;
        }

        boolean isAwake() {
            return isAwake || clock.nanoTime() - asleepSinceNanos >= sleepNanosMax;
        }

        @Override
        public void wake() {
            isAwake = true;
        }

        /// As a real thread that sleeps lends its agent, or is about to wake and does not.
        @Override
        public void workHere() {
            if (!isAwake() && !isWorking && random.nextBoolean()) {
                work();
            } else {
                wake();
            }
        }

        void work() {
            isWorking = true;
            try {
                // The last look before sleep, as a real thread takes it.
                isAwake = agent.doWork() > 0 || agent.hasWork();
                if (!isAwake) {
                    sleepNanosMax = agent.sleepNanosMax();
                    asleepSinceNanos = clock.nanoTime();
                }
            } finally {
                isWorking = false;
            }
        }
    }

    private static final class Timer {
        final String name;
        final Duration interval;
        final Runnable action;
        long dueNanos;
        boolean isRunning;

        Timer(String name, Duration interval, Runnable action, long dueNanos) {
            this.name = name;
            this.interval = interval;
            this.action = action;
            this.dueNanos = dueNanos;
        }
    }

    @Override
    public Wakeup run(Agent agent) {
        Running running = new Running(agent, clock, random);
        agents.add(running);
        return running;
    }

    @Override
    public void every(String name, Duration interval, Runnable action) {
        timers.add(new Timer(name, interval, action, clock.nanoTime() + interval.toNanos()));
    }

    @Override
    public void after(String name, Duration delay, Runnable action) {
        once.add(new Timer(name, delay, action, clock.nanoTime() + delay.toNanos()));
    }

    /// Lets one agent that is awake do its next piece of work.
    ///
    /// @return false if all sleep
    public boolean step() {
        List<Running> awake = new ArrayList<>();
        for (Running running : agents) {
            if (running.isAwake() && !running.isWorking) {
                awake.add(running);
            }
        }
        if (awake.isEmpty()) {
            return false;
        }
        awake.get(random.nextInt(awake.size())).work();
        return true;
    }

    /// Lets an agent work if its name begins like this, it is awake, and it is not at work further
    /// up the stack.
    public void work(String name) {
        for (Running running : agents) {
            boolean isMeant = running.agent.name().startsWith(name);
            if (isMeant && running.isAwake() && !running.isWorking) {
                running.work();
            }
        }
    }

    /// Whether the agent at work on top of everything has a name that begins like this.
    public boolean isWorking(String name) {
        return agents.stream().anyMatch(a -> a.isWorking && a.agent.name().startsWith(name));
    }

    /// Takes what a timer fails with, by its name; it runs again after its interval, as on real
    /// threads. Without this it is thrown at whoever lets time pass.
    public void whenTimerFails(BiConsumer<String, MillraceException> action) {
        whenTimerFails = action;
    }

    private void run(Timer timer) {
        timer.isRunning = true;
        try {
            timer.action.run();
        } catch (MillraceException e) {
            whenTimerFails.accept(timer.name, e);
        } finally {
            timer.isRunning = false;
        }
    }

    /// Runs whatever is due by the clock, but for what runs further up the stack: a timer has one
    /// thread.
    ///
    /// @return the names of what ran
    public List<String> tick() {
        List<String> names = new ArrayList<>();
        for (Timer timer : timers) {
            if (timer.dueNanos <= clock.nanoTime() && !timer.isRunning) {
                run(timer);
                names.add(timer.name);
                timer.dueNanos = clock.nanoTime() + timer.interval.toNanos();
            }
        }
        List<Timer> due = once.stream().filter(t -> t.dueNanos <= clock.nanoTime()).toList();
        once.removeAll(due);
        for (Timer timer : due) {
            run(timer);
            names.add(timer.name);
        }
        return names;
    }

    /// Lets all agents work until all sleep.
    public void drain() {
        int steps = 0;
        while (step()) {
            if (steps++ > STEPS_MAX) {
                throw new AssertionError("the agents never come to rest");
            }
        }
    }

    @Override
    public <T extends @Nullable Object> T await(CompletableFuture<T> result) {
        while (!result.isDone()) {
            meanwhile.run();
            if (!step() && !result.isDone()) {
                throw new AssertionError("somebody waits for what nobody brings about");
            }
        }
        return result.join();
    }

    @Override
    public void close() {
        timers.clear();
        once.clear();
        for (Running running : agents) {
            int steps = 0;
            while (running.agent.hasWork() && running.agent.doWork() > 0) {
                if (steps++ > STEPS_MAX) {
                    throw new AssertionError(running.agent.name() + " never ends");
                }
            }
        }
    }
}
