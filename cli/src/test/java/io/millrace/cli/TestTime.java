package io.millrace.cli;

import io.millrace.cli.process.Lifetime;
import io.millrace.cli.process.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A clock that only moves when a command pauses, and the end of a process that is none.
final class TestTime implements Time, Lifetime {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Duration> pauses = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private Duration passed = Duration.ZERO;

    /// What the command waited for, in order.
    List<Duration> pauses() {
        return pauses;
    }

    /// What Ctrl-C does.
    void stop() {
        stopping.set(true);
    }

    @Override
    public Instant now() {
        return START.plus(passed);
    }

    @Override
    public long nanoTime() {
        return passed.toNanos();
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public void pause(Duration duration) {
        pauses.add(duration);
        passed = passed.plus(duration);
    }

    @Override
    public boolean stopping() {
        return stopping.get();
    }

    @Override
    public Hold hold() {
        return () -> {};
    }
}
