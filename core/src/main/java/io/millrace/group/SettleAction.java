package io.millrace.group;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the holder of a lease says of it.
public sealed interface SettleAction {
    /// It is done; of an event one would say acknowledged.
    record Complete() implements SettleAction {}

    /// It is given back.
    ///
    /// @param delay for so long it is not given out again
    /// @param failed whether the delivery counts as a failure; then the delay is at least that of
    ///   the retry policy
    record Release(Duration delay, boolean failed) implements SettleAction {}

    /// It can never succeed: to the dead letters.
    ///
    /// @param reason a word or a sentence of the consumer's
    record Reject(String reason) implements SettleAction {}

    /// It is set aside until somebody asks for it by its number.
    record Defer() implements SettleAction {}

    /// It takes longer.
    ///
    /// @param lease from now; `null` for the usual time
    record Renew(@Nullable Duration lease) implements SettleAction {}
}
