package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What could not be delivered, to be searched, edited, sent again or discarded. Thread-safe; the
/// methods may wait and belong on a virtual thread.
public interface DeadLetters {
    /// A page of what was found, oldest first.
    ///
    /// @param next where the next page begins, `null` if this is the last
    record Page(List<DeadLetter> letters, @Nullable String next) {}

    /// @param after as [Page#next] gave it; `null` for the beginning
    Page search(Principal principal, LetterSearch search, @Nullable String after, int max);

    /// @throws MillraceException NOT_FOUND
    DeadLetter get(Principal principal, String id);

    /// How dead letters are sent again, to only the subscription or queue that failed.
    ///
    /// @param replacement the event to send instead of the one letter; `null` for the same
    /// @param transform a JSONata expression that makes the event to send; `null` for none
    /// @param perSecond at most so many a second; `null` for as fast as it goes
    /// @param delay before the first
    record Resubmission(
            @Nullable Event replacement,
            @Nullable String transform,
            @Nullable Double perSecond,
            Duration delay) {}

    /// What became of a request for several.
    ///
    /// @param done how many were sent again or discarded
    /// @param problems for those that were not, with their ids
    record Outcome(int done, List<String> problems) {
        public Outcome {
            problems = List.copyOf(problems);
        }
    }

    /// Sends letters again; each is gone from here when it is taken there.
    ///
    /// With a rate or a delay, the answer comes at once and the work goes on beside.
    Outcome resubmit(Principal principal, List<String> ids, Resubmission how);

    /// The same for all that are found.
    Outcome resubmit(Principal principal, LetterSearch search, Resubmission how);

    /// @param reason kept in the record of the deletion
    Outcome discard(Principal principal, List<String> ids, String reason);

    /// The same for all that are found.
    Outcome discard(Principal principal, LetterSearch search, String reason);
}
