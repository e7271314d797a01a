package io.millrace.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A single time.
public record Once(Instant at) implements Timetable {
    @Override
    public @Nullable Instant next(Instant after) {
        return at.isAfter(after) && !at.isAfter(LAST) ? at : null;
    }
}
