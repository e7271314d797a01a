package io.millrace.broker.letter;

import io.millrace.letter.KeptLetter;
import java.util.List;

/// The letters that one request is for, a few at a time. Owned by one thread.
public interface LetterRun {
    /// @param max at least 1
    /// @param tally hears of those that are not there or may not be touched
    /// @return maybe none although there are more
    List<KeptLetter> next(int max, LetterTally tally);

    /// Whether all were given out.
    boolean isOver();
}
