package io.millrace.letter;

import io.millrace.event.Event;

/// A letter and the event that is sent for it: its own, or what was made of that.
public record Sending(KeptLetter kept, Event event) {
    public DeadLetter letter() {
        return kept.letter();
    }
}
