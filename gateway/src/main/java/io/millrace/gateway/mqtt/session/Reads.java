package io.millrace.gateway.mqtt.session;

import io.millrace.event.Context;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.stream.PartitionName;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a session asks of the log. Answers come later, on the session's thread, or never if the
/// session has left it by then.
public interface Reads {
    /// Up to where a partition's live events have been handed over on this thread; what is read
    /// from the log below that is not going to come again. -1 if nothing is known.
    long dispatched(PartitionName partition);

    /// The partitions that subscriptions reach now, but for shared ones.
    Collection<PartitionName> reached(Collection<Subscription> subscriptions);

    /// Reads on in a partition; [Subscriber#read] is the answer.
    ///
    /// @param wanted may be asked on any thread
    void read(Subscriber subscriber, PartitionName partition, long from, Predicate<Context> wanted);

    /// Reads the events that were sent and not acknowledged; [Subscriber#found] is the answer.
    void find(Subscriber subscriber, List<Sent> sent);

    /// Reads a page of retained messages of a subscription; [Subscriber#retained] is the answer.
    ///
    /// @param after the last context of the page before; `null` to begin
    void retained(Subscriber subscriber, Subscription subscription, @Nullable Context after);
}
