package io.millrace.house.broken.io;

/// Opens a door in the room that may.
public final class ClockThatMay {
    /// The time.
    public long now() {
        return System.currentTimeMillis();
    }
}
