package io.millrace.letter;

/// A dead letter as it was found.
///
/// @param offset changes when the letter is buried again, so that who acts on the one does not end
///   the other
public record KeptLetter(DeadLetter letter, long offset) {
    public String id() {
        return letter.id();
    }
}
