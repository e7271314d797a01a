package io.millrace.house.broken.log;

import io.millrace.house.broken.broker.BrokerThatKnowsTheLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;

/// Breaks a wall, and opens every door beside `io`.
public final class LogThatKnowsTheBroker {
    public static final int NUMBER = 1;

    /// Keeps the room above in use.
    public String broker() {
        return BrokerThatKnowsTheLog.name(NUMBER);
    }

    /// Opens the doors.
    public Thread doors() {
        long now = System.currentTimeMillis() + Instant.now().toEpochMilli();
        boolean there = Files.exists(Path.of("there"));
        int roll = new SplittableRandom(now).nextInt();
        return Thread.ofVirtual().name(there + " " + roll).unstarted(() -> {});
    }
}
