package io.millrace.letter;

import java.time.Duration;

/// How many dead letters are kept, and how long. What goes because of them is counted.
///
/// @param lettersMax the oldest go when there are more
/// @param age how long one is kept after it was buried, and how long it is known that an event was
///   sent again
public record LetterLimits(int lettersMax, Duration age) {
    public static final LetterLimits DEFAULT = new LetterLimits(1_000_000, Duration.ofDays(30));

    public LetterLimits {
        if (lettersMax < 1 || !age.isPositive()) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
