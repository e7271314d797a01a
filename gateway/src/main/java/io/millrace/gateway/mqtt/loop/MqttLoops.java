package io.millrace.gateway.mqtt.loop;

import io.millrace.gateway.mqtt.loop.MqttLoop.Ground;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds or makes the [MqttLoop] of each event loop that has connections. Thread-safe.
public final class MqttLoops {
    private static final Logger LOG = LoggerFactory.getLogger(MqttLoops.class);
    private static final long TICK_SECONDS = 1;
    private static final int TICKS_PER_SWEEP = 10;

    /// So many sessions are looked through each second.
    private static final int FEW = 10_000;

    private final Ground ground;
    private final String process;
    private final ConcurrentHashMap<EventLoop, Home> homes = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /// @param process letters and digits that no other process has
    public MqttLoops(Ground ground, String process) {
        this.ground = ground;
        this.process = process;
    }

    /// What connections of one event loop share.
    public static final class Home implements LoopThread {
        private final EventLoop thread;
        private final List<Runnable> unflushed = new ArrayList<>();
        private final MqttLoop loop;
        private final MqttLoops all;
        private final boolean isFirst;
        private int ticks;

        private Home(MqttLoops all, EventLoop thread, String identifiers, boolean isFirst) {
            this.all = all;
            this.thread = thread;
            this.isFirst = isFirst;
            this.loop = new MqttLoop(all.ground, this, identifiers);
        }

        public MqttLoop loop() {
            return loop;
        }

        @Override
        public void execute(Runnable action) {
            try {
                thread.execute(action);
            } catch (RejectedExecutionException _) {
                // The server is stopping, and all connections are closed.
            }
        }

        @Override
        public void schedule(Runnable action, long time, TimeUnit unit) {
            try {
                var _ = thread.schedule(action, time, unit);
            } catch (RejectedExecutionException _) {
                // As above.
            }
        }

        /// Has something flushed with all others. On the loop.
        public void flushLater(Runnable flush) {
            unflushed.add(flush);
        }

        @Override
        public void flush() {
            for (int i = 0; i < unflushed.size(); i++) {
                try {
                    unflushed.get(i).run();
                } catch (RuntimeException e) {
                    // A socket that fails must not keep the others from theirs.
                    LOG.warn("A connection could not be flushed", e);
                }
            }
            unflushed.clear();
        }

        private void tick() {
            loop.tick();
            ticks++;
            Clients clients = all.ground.clients();
            if (isFirst && (ticks % TICKS_PER_SWEEP == 0 || clients.resting() <= FEW)) {
                clients.sweep(loop);
                flush();
            }
            schedule(this::tick, TICK_SECONDS, TimeUnit.SECONDS);
        }
    }

    /// The home of an event loop's connections.
    public Home of(EventLoop thread) {
        Home known = homes.get(thread);
        return known != null ? known : homes.computeIfAbsent(thread, this::make);
    }

    private Home make(EventLoop thread) {
        int number = count.getAndIncrement();
        Home home = new Home(this, thread, process + number, number == 0);
        home.schedule(home::tick, TICK_SECONDS, TimeUnit.SECONDS);
        return home;
    }

    /// Events that were handed to sessions.
    public long delivered() {
        return homes.values().stream().mapToLong(home -> home.loop.delivered()).sum();
    }

    /// Messages that were recorded.
    public long published() {
        return homes.values().stream().mapToLong(home -> home.loop.published()).sum();
    }

    /// Messages that were not recorded.
    public long refused() {
        return homes.values().stream().mapToLong(home -> home.loop.refused()).sum();
    }

    /// Events with QoS 0 that were not sent, as their clients did not take what came before.
    public long dropped() {
        return homes.values().stream().mapToLong(home -> home.loop.allDropped()).sum();
    }

    /// Patterns that are followed, each once for each loop; roughly.
    public int followed() {
        return homes.values().stream().mapToInt(home -> home.loop.followed()).sum();
    }

    /// Follows nothing any more.
    public void close() {
        homes.values().forEach(home -> home.loop.close());
        ground.shared().close();
    }
}
