package io.millrace.broker.letter;

import io.millrace.event.Event;
import io.millrace.letter.DeadLetter;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A subscription or a queue as the one to which its dead letters are sent again. Thread-safe.
@FunctionalInterface
public interface LetterTarget {
    /// Delivers an event once more, to this one only.
    ///
    /// @param letter from where it comes
    /// @param event the letter's, or what was made of it
    /// @return done once it is taken, as durably as an event or job is by other ways: from then on
    ///   the letter is not kept any more. Must be answered in bounded time
    CompletableFuture<@Nullable Void> resubmit(DeadLetter letter, Event event);

    /// The subscriptions and queues that there are. Thread-safe.
    @FunctionalInterface
    interface Directory {
        /// @param kind Subscription or Queue
        /// @return `null` if there is none of that name
        @Nullable LetterTarget find(String kind, String name);
    }
}
