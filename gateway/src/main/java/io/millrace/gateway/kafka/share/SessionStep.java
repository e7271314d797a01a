package io.millrace.gateway.kafka.share;

import io.millrace.gateway.kafka.request.Peer;
import org.apache.kafka.common.protocol.Errors;

/// What every request of a share consumer begins with: who asks, and how its session goes on.
///
/// @param epoch of the session, as the consumer counts
/// @param mayOpen whether a request of this kind may begin a session
/// @param peer whose session it is, if it begins one
record SessionStep(String group, String member, int epoch, boolean mayOpen, Peer peer) {
    /// Whether the request may go on.
    sealed interface Outcome {}

    /// It belongs to this consumer's session, which has taken the step.
    record Taken(ShareMember member) implements Outcome {}

    /// It must not go on; no session has changed.
    record Refused(Errors error, String message) implements Outcome {
        Refused(Errors error) {
            this(error, error.message());
        }
    }

    /// Whether the request begins a session.
    boolean isFirst() {
        return mayOpen && epoch == ShareMember.FIRST_EPOCH;
    }

    /// Whether the request ends its session.
    boolean isLast() {
        return epoch == ShareMember.LAST_EPOCH;
    }

    /// Opens the session, goes on with it, or ends it.
    Outcome take(ShareSessions sessions, long nowMillis) {
        if (group.isEmpty() || member.isEmpty()) {
            return new Refused(Errors.INVALID_REQUEST, "a group and a member have to be named");
        }
        ShareMember.Key key = new ShareMember.Key(group, member, peer.principal());
        ShareMember found = isFirst() ? sessions.obtain(key, nowMillis) : sessions.find(key);
        if (found == null) {
            return new Refused(
                    isFirst()
                            ? Errors.SHARE_SESSION_LIMIT_REACHED
                            : Errors.SHARE_SESSION_NOT_FOUND);
        }
        Errors wrong = found.advance(this, nowMillis);
        return wrong == Errors.NONE ? new Taken(found) : new Refused(wrong);
    }
}
