package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.stream.PartitionName;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What a conversation asks of the server. On its event loop, and answered there: at once or later.
public interface Door {
    /// Gives the session of a client that may come in; whoever has it now is sent away.
    /// [Conversation#claimed] is the answer.
    void claim(Conversation conversation, Connect connect);

    /// A message on its way in.
    interface Incoming {
        /// Where it would be recorded, and behind which offset; only asked before it is.
        Destination destination();
    }

    /// @param endOffset nothing that is recorded from now on has a lower one
    record Destination(PartitionName partition, long endOffset) {}

    /// Hears what became of a message.
    interface Reply {
        /// It is recorded as its stream promises.
        void recorded();

        /// It is not.
        void failed(MillraceException problem);
    }

    /// Makes an event of a message.
    ///
    /// @throws Refused if its topic cannot be a context
    Incoming take(Conversation conversation, Message message);

    /// Publishes it. If too much waits to be written, it waits too, and what comes from the same
    /// conversation behind it.
    ///
    /// @param qos it came with
    /// @param publisher see [Marks]
    void publish(
            Conversation conversation,
            Incoming incoming,
            int qos,
            @Nullable String publisher,
            long number,
            Reply reply);

    /// Sends a subscription's events to its session from now on.
    ///
    /// @param done with a problem if that is not possible
    void subscribe(Conversation conversation, Subscription subscription, Notes.Done done);

    /// Ends that; the session does not have it any more, or has another one of that filter.
    void unsubscribe(ClientSession session, Subscription subscription);

    /// Writes down what a durable session is, its subscriptions, will and end, and how far it has
    /// come: a subscription is nothing without the place from which it counts.
    void keep(ClientSession session, Subscriber subscriber, Notes.Done done);

    /// Writes down how far a durable session has come.
    void note(ClientSession session, Subscriber subscriber, Notes.Done done);

    /// Runs an action after a while.
    ///
    /// @param action takes the time then, of the clock by which packets are received
    void later(long millis, LongConsumer action);

    /// What the session asks of the log.
    Reads reads();

    /// The connection is gone, and the session is free.
    ///
    /// @param isWillDue whether the session's will is to be published
    void left(
            Conversation conversation,
            ClientSession session,
            Subscriber subscriber,
            boolean isWillDue);
}
