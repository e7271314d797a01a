package io.millrace.delivery;

import io.millrace.event.Event;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one attempt to deliver ended in. The reasons are sentences for whoever looks after the
/// subscription; they hold nothing that the sink wrote and no secret.
public sealed interface Outcome {
    /// The status of an attempt that was never answered.
    int UNANSWERED = 0;

    /// The sink has taken the event.
    ///
    /// @param status of the answer
    /// @param answer the event in the answer, to be published as derived from what was delivered;
    ///   `null` without one
    /// @param answerProblem why the answer, though it should hold an event, gives none; `null` if
    ///   there is nothing to say
    record Delivered(int status, @Nullable Event answer, @Nullable String answerProblem)
            implements Outcome {}

    /// It did not work this time; the [RetrySchedule] says whether and when to try again.
    ///
    /// @param after how long the sink asks to be left alone; `null` if it does not say
    /// @param status of the answer, or [#UNANSWERED]
    record RetryLater(@Nullable Duration after, int status, String reason) implements Outcome {}

    /// It would never work: to the dead letters at once. A batch is rejected as a whole; its events
    /// may be tried one by one.
    ///
    /// @param status of the answer, or [#UNANSWERED] if it was never sent
    record Rejected(int status, String reason) implements Outcome {}

    /// The sink is there no more, and nothing may be sent to it again: the subscription is to be
    /// disabled. The event stays undelivered.
    record Gone(int status, String reason) implements Outcome {}
}
