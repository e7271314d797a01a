package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.TopicName;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.stream.PartitionName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A server that answers at once, unless it is told to hold its answers back or to fail.
final class FakeDoor implements Door, Reads {
    static final PartitionName PARTITION = new PartitionName("a", "a-1", 0);

    final List<Message> published = new ArrayList<>();
    final List<Subscription> subscriptions = new ArrayList<>();
    final ArrayDeque<Reply> unanswered = new ArrayDeque<>();
    final ArrayDeque<Notes.Done> unkept = new ArrayDeque<>();
    final ArrayDeque<Runnable> unclaimed = new ArrayDeque<>();
    final ArrayDeque<LongConsumer> later = new ArrayDeque<>();
    final ArrayDeque<Long> laterMillis = new ArrayDeque<>();
    boolean holdsReplies;
    boolean holdsKeeping;
    boolean holdsClaims;
    @Nullable MillraceException problem;
    @Nullable ClientSession known;
    @Nullable Boolean isWillDue;

    private record Taken(Message message) implements Incoming {
        @Override
        public Destination destination() {
            return new Destination(PARTITION, 0);
        }
    }

    @Override
    public void claim(Conversation conversation, Connect connect) {
        ClientSession session = known;
        ClientSession given =
                session == null
                        ? new ClientSession(connect.clientId(), "n1", connect.expirySeconds())
                        : session;
        Runnable claim = () -> conversation.claimed(given, session != null);
        if (holdsClaims) {
            unclaimed.add(claim);
        } else {
            claim.run();
        }
    }

    @Override
    public Incoming take(Conversation conversation, Message message) {
        var _ = Properties.requireTopic(message.topic(), TopicName::context);
        return new Taken(message);
    }

    @Override
    public void publish(
            Conversation conversation,
            Incoming incoming,
            int qos,
            @Nullable String publisher,
            long number,
            Reply reply) {
        published.add(((Taken) incoming).message);
        MillraceException failed = problem;
        if (holdsReplies) {
            unanswered.add(reply);
        } else if (failed != null) {
            reply.failed(failed);
        } else {
            reply.recorded();
        }
    }

    @Override
    public void subscribe(Conversation conversation, Subscription subscription, Notes.Done done) {
        subscriptions.add(subscription);
        done.done(null);
    }

    @Override
    public void unsubscribe(ClientSession session, Subscription subscription) {
        subscriptions.remove(subscription);
    }

    @Override
    public void keep(ClientSession session, Subscriber subscriber, Notes.Done done) {
        session.kept();
        written(done);
    }

    private void written(Notes.Done done) {
        if (holdsKeeping) {
            unkept.add(done);
        } else {
            done.done(problem);
        }
    }

    @Override
    public void note(ClientSession session, Subscriber subscriber, Notes.Done done) {
        written(done);
    }

    @Override
    public void later(long millis, LongConsumer action) {
        laterMillis.add(millis);
        later.add(action);
    }

    @Override
    public Reads reads() {
        return this;
    }

    @Override
    public void left(
            Conversation conversation,
            ClientSession session,
            Subscriber subscriber,
            boolean willDue) {
        isWillDue = willDue;
        session.places(subscriber.places());
    }

    @Override
    public long dispatched(PartitionName partition) {
        return 0;
    }

    @Override
    public Collection<PartitionName> reached(Collection<Subscription> all) {
        return all.isEmpty() ? List.of() : List.of(PARTITION);
    }

    @Override
    public void read(
            Subscriber subscriber,
            PartitionName partition,
            long from,
            Predicate<Context> wanted) {
        // Nothing is read here.
    }

    @Override
    public void find(Subscriber subscriber, List<Sent> sent) {
        List<io.millrace.stream.@Nullable StoredEvent> none = new ArrayList<>();
        sent.forEach(_ -> none.add(null));
        subscriber.found(sent, none);
    }

    @Override
    public void retained(
            Subscriber subscriber, Subscription subscription, @Nullable Context after) {
        subscriber.retained(subscription, List.of(), null);
    }
}
