package io.millrace.log;

import io.millrace.event.Bytes;
import org.jspecify.annotations.Nullable;

/// What an event does to the one that is retained in its context, which is what somebody gets who
/// comes later (MQTT 5.0, section 3.3.1.3). Recorded as the header `retain`, the third of a record
/// that was written here; without it an event is [#LATEST].
public enum Retain {
    /// The event is retained, in place of the one before.
    LATEST(null),

    /// The event passes by, and what was retained stays.
    PASS("pass"),

    /// The event is recorded like any other, and nothing is retained any more.
    CLEAR("clear");

    /// Where the header stands, counted from 0, behind `context` and `ce_specversion`. A header of
    /// that name in another place is somebody else's.
    public static final int INDEX = 2;

    public static final String HEADER = "retain";

    private final @Nullable String text;

    Retain(@Nullable String text) {
        this.text = text;
    }

    /// What the header says; `null` without one.
    public @Nullable String text() {
        return text;
    }

    /// What a header in the right place means; `null` if it is none of these.
    public static @Nullable Retain of(@Nullable Bytes header) {
        if (header == null || header.length() > CLEAR.name().length()) {
            return null;
        }
        return switch (header.toUtf8()) {
            case "pass" -> PASS;
            case "clear" -> CLEAR;
            default -> null;
        };
    }
}
