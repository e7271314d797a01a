package io.millrace.log;

import org.jspecify.annotations.Nullable;

/// What an event does to the one that is retained in its context, which is what somebody gets who
/// comes later (MQTT 5.0, section 3.3.1.3). Recorded with the other [Marks].
public enum Retain {
    /// The event is retained, in place of the one before.
    LATEST(""),

    /// The event passes by, and what was retained stays.
    PASS("pass"),

    /// The event is recorded like any other, and nothing is retained any more.
    CLEAR("clear");

    private final String word;

    // Kept, so that no text has to be made for an event.
    private final String withZero;
    private final String withOne;

    Retain(String word) {
        this.word = word;
        this.withZero = word + ",0";
        this.withOne = word + ",1";
    }

    /// As it is told to people; `null` for what most events are.
    public @Nullable String text() {
        return word.isEmpty() ? null : word;
    }

    /// As it is recorded.
    String word() {
        return word;
    }

    /// What is recorded of it and a quality of service; empty for what most events have.
    String text(int qos) {
        return switch (qos) {
            case 0 -> withZero;
            case 1 -> withOne;
            default -> word;
        };
    }
}
