package io.millrace.gateway.listener;

import io.millrace.io.Clock;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The watch of each event loop. Thread-safe.
final class GateWatches {
    private static final Duration PERIOD_MAX = Duration.ofSeconds(1);

    private final Clock clock;
    private final ConnectionLimits limits;
    private final ConcurrentHashMap<EventLoop, GateWatch> watches = new ConcurrentHashMap<>();

    GateWatches(Clock clock, ConnectionLimits limits) {
        this.clock = clock;
        this.limits = limits;
    }

    GateWatch of(EventLoop loop) {
        return watches.computeIfAbsent(loop, this::start);
    }

    private GateWatch start(EventLoop loop) {
        GateWatch watch = new GateWatch(clock, limits);
        Duration quarter = limits.headMax().dividedBy(4);
        long period = (quarter.compareTo(PERIOD_MAX) < 0 ? quarter : PERIOD_MAX).toMillis();
        long millis = Math.max(1, period);
        // Runs as long as the loop does.
        var _ = loop.scheduleAtFixedRate(watch::check, millis, millis, TimeUnit.MILLISECONDS);
        return watch;
    }
}
