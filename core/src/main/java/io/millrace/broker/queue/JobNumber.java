package io.millrace.broker.queue;

import org.jspecify.annotations.Nullable;

/// Where a job lies: its lane and its offset there, as `4-17`.
public record JobNumber(int lane, long offset) {
    /// @return `null` if the text is none
    public static @Nullable JobNumber parse(String text) {
        return text.matches("[0-9]-[0-9]{1,18}")
                ? new JobNumber(text.charAt(0) - '0', Long.parseLong(text.substring(2)))
                : null;
    }

    @Override
    public String toString() {
        return lane + "-" + offset;
    }
}
