package io.millrace.broker;

import io.millrace.group.Ledger;
import org.jspecify.annotations.Nullable;

/// How a subscription or a queue is doing.
///
/// @param kind Subscription or Queue
/// @param state active, paused, or disabled (a sink answered that it is gone), or pending (a sink
///   has not given its permission yet)
/// @param reason why it is not active, as a sentence; `null` if it is
/// @param waiting consumers that wait for events now
/// @param perSecond events settled a second, over the last ten seconds
/// @param lastFailure the last attempt that failed, as a sentence with its time; `null` if none did
///   since the start of the server
public record GroupStatus(
        String kind,
        String name,
        State state,
        @Nullable String reason,
        Ledger ledger,
        int waiting,
        double perSecond,
        @Nullable String lastFailure) {
    /// What it does.
    public enum State {
        ACTIVE,
        PAUSED,
        DISABLED,
        PENDING
    }
}
