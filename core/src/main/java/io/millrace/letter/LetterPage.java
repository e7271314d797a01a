package io.millrace.letter;

import java.util.List;

/// What a bounded look at the dead letters found.
///
/// @param letters in the order in which they were buried; maybe none although there is more
/// @param next where to go on; -1 if everything was looked at
public record LetterPage(List<KeptLetter> letters, long next) {
    public LetterPage {
        letters = List.copyOf(letters);
    }
}
