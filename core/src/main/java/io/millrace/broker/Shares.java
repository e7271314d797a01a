package io.millrace.broker;

import io.millrace.broker.share.Share;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.resource.StartPoint;
import io.millrace.security.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Share groups of Kafka's protocol, each of which is a cursor. Thread-safe; the methods wait, also
/// for the disk, and belong on a virtual thread.
///
/// A group drains a queue together with everybody else who takes jobs from it, whatever the group
/// is called. Of a stream it drains the subscription that was created for it, or else the pull
/// subscription of the group's name if that reaches the stream's mount.
public interface Shares {
    /// What a subscription is like that has to be created.
    ///
    /// @param deliveriesMax after so many failed deliveries, the event goes to the dead letters
    record NewShare(StartPoint start, Duration lease, int deliveriesMax) {}

    /// What a group drains of a topic; if there is no subscription, one is created.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, QUEUE_NOT_FOUND, FORBIDDEN, and what creating a
    ///   resource throws
    Share open(Principal principal, String group, Topics.Topic topic, NewShare wanted);

    /// The pull subscription that a shared subscription of MQTT drains: the one of the share's
    /// name, if it has that pattern, else the one that was created for share and filter, or is now.
    ///
    /// @return its name
    /// @throws MillraceException FORBIDDEN, and what creating a resource throws
    String openPattern(
            Principal principal,
            String share,
            String filter,
            ContextPattern pattern,
            NewShare wanted);

    /// Deletes the subscription that was created for share and filter, if there is one.
    ///
    /// @throws MillraceException FORBIDDEN
    void forgetPattern(Principal principal, String share, String filter);

    /// What a group drains of a topic, if there is anything.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, QUEUE_NOT_FOUND, FORBIDDEN
    @Nullable Share find(Principal principal, String group, Topics.Topic topic);

    /// Deletes the subscription that was created for a group and a stream. One that somebody else
    /// set up stays, and so does a queue.
    ///
    /// @return whether there was one
    /// @throws MillraceException FORBIDDEN
    boolean forget(Principal principal, String group, Topics.Topic topic);
}
