package io.millrace.group;

import io.millrace.letter.DeadLetter;
import java.time.Duration;

/// What becomes of an event that was taken from a [Supply].
public sealed interface Verdict {
    /// It is delivered.
    record Done() implements Verdict {}

    /// It is to be given out again.
    ///
    /// @param delay for so long it is not
    /// @param failed whether that counts as a failure
    record Again(Duration delay, boolean failed) implements Verdict {}

    /// It can never be delivered: to the dead letters.
    ///
    /// @param detail why, as a sentence
    /// @param status the last answer's, 0 if there was none
    record Bury(DeadLetter.Reason reason, String detail, int status) implements Verdict {}
}
