package io.millrace.gateway.http.letter;

import io.millrace.letter.DeadLetter;
import org.jspecify.annotations.Nullable;

/// The words for why something became a dead letter.
final class Reasons {
    static final String EXPECTED =
            "must be rejected, attempts-exhausted, leases-ended, expired, queue-full or"
                    + " transform-failed";

    private Reasons() {}

    static String word(DeadLetter.Reason reason) {
        return switch (reason) {
            case REJECTED -> "rejected";
            case ATTEMPTS_EXHAUSTED -> "attempts-exhausted";
            case LEASES_ENDED -> "leases-ended";
            case EXPIRED -> "expired";
            case QUEUE_FULL -> "queue-full";
            case TRANSFORM_FAILED -> "transform-failed";
        };
    }

    /// The reason of a word, or `null`.
    static DeadLetter.@Nullable Reason of(String word) {
        for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
            if (word(reason).equals(word)) {
                return reason;
            }
        }
        return null;
    }
}
