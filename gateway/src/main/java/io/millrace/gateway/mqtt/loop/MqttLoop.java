package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.broker.Publication;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.PatternTrie;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageReader;
import io.millrace.gateway.mqtt.message.ProtocolVersion;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Connect;
import io.millrace.gateway.mqtt.session.Conversation;
import io.millrace.gateway.mqtt.session.Door;
import io.millrace.gateway.mqtt.session.MqttErrors;
import io.millrace.gateway.mqtt.session.Notes;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Reads;
import io.millrace.gateway.mqtt.session.Received;
import io.millrace.gateway.mqtt.session.Refused;
import io.millrace.gateway.mqtt.session.Subscriber;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.gateway.mqtt.session.Will;
import io.millrace.gateway.mqtt.store.SessionStore;
import io.millrace.io.Clock;
import io.millrace.log.Marks;
import io.millrace.router.Backlog;
import io.millrace.router.Relay;
import io.millrace.router.RelayConfig;
import io.millrace.router.RelayReader;
import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All MQTT sessions of one event loop: what is published, which of them want it, and what they ask
/// of the broker and the log. Owned by its event loop, except where a method says otherwise.
///
/// Events come once for the loop, from a [Relay], and one walk over a trie of all the loop's
/// filters tells who gets them.
public final class MqttLoop implements Door, Reads, RelayReader {
    private static final Logger LOG = LoggerFactory.getLogger(MqttLoop.class);
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");

    /// Up to so many seconds of messages with QoS 1 come again after a crash.
    private static final int TICKS_PER_NOTE = 5;

    private final Broker broker;
    private final Clients clients;
    private final SharedGroups shared;
    private final SessionStore store;
    private final Clock clock;
    private final LoopThread thread;
    private final Relay relay;
    private final Publishing publishing;
    private final Reading reading;
    private final MessageReader messages = new MessageReader();
    private final PatternTrie<Subscription> filters = new PatternTrie<>();
    private final Map<PartitionName, Dispatched> dispatched = new HashMap<>();
    private final Set<Subscriber> attached = new LinkedHashSet<>();
    private final List<Subscriber> touched = new ArrayList<>();
    private final Consumer<Subscription> matching = this::matched;
    private final String identifiers;
    private long identifier;
    private long delivered;
    private long dropped;
    private long refused;
    private boolean isAskingForMarks;
    private int ticks;
    private @Nullable StoredEvent matchedEvent;

    /// How far a partition's live events have come.
    private static final class Dispatched {
        long next;
    }

    /// What all loops share.
    ///
    /// @param threads virtual ones, for what waits
    public record Ground(
            Broker broker,
            Clients clients,
            SharedGroups shared,
            SessionStore store,
            Clock clock,
            ExecutorService threads) {}

    MqttLoop(Ground ground, LoopThread thread, String identifiers) {
        this.broker = ground.broker();
        this.clients = ground.clients();
        this.shared = ground.shared();
        this.store = ground.store();
        this.clock = ground.clock();
        this.thread = thread;
        this.identifiers = identifiers;
        this.relay = broker.relay(RelayConfig.DEFAULT, () -> thread.execute(this::drain));
        this.publishing = new Publishing(broker, thread);
        this.reading = new Reading(broker, relay.backlog(), ground.threads(), thread);
    }

    /// Any thread.
    void execute(Runnable action) {
        thread.execute(action);
    }

    void flush() {
        thread.flush();
    }

    void after(long seconds, Runnable action) {
        thread.schedule(action, seconds, TimeUnit.SECONDS);
    }

    /// Letters, digits and `-` that nothing else is called by.
    public String newIdentifier() {
        identifier++;
        return identifiers + "-" + Long.toString(identifier, Character.MAX_RADIX);
    }

    /// Events that were handed to sessions.
    public long delivered() {
        return delivered;
    }

    /// A session could not take an event with QoS 0.
    public void dropped() {
        dropped++;
    }

    /// How often that was so.
    long allDropped() {
        return dropped;
    }

    /// Messages that were not recorded.
    long refused() {
        return refused + publishing.refused();
    }

    /// Patterns that are followed; roughly. Any thread.
    int followed() {
        return relay.followed();
    }

    /// Messages that were recorded.
    public long published() {
        return publishing.published();
    }

    /// Called about every second.
    void tick() {
        if (!attached.isEmpty()) {
            relay.mark(List.of(EVERYTHING), () -> {});
            ticks++;
            boolean isTimeToNote = ticks % TICKS_PER_NOTE == 0;
            for (Subscriber each : List.copyOf(attached)) {
                each.resume();
                if (isTimeToNote) {
                    each.noteProgress();
                }
            }
            flush();
        }
    }

    // --- live events -----------------------------------------------------------------------------

    private void drain() {
        int events = relay.drain(this);
        if (events > 0) {
            matchedEvent = null;
        }
        flush();
    }

    @Override
    public void live(PartitionName partition, StoredEvent event) {
        Dispatched known = dispatchedOf(partition);
        known.next = event.offset() + 1;
        matchedEvent = event;
        filters.match(event.context(), matching);
        for (int i = 0; i < touched.size(); i++) {
            try {
                touched.get(i).live(partition, event);
            } catch (RuntimeException e) {
                LOG.error("An event could not be handed to a session", e);
            }
        }
        delivered += touched.size();
        touched.clear();
    }

    private void matched(Subscription subscription) {
        StoredEvent event = matchedEvent;
        Subscriber subscriber = subscription.subscriber();
        if (event != null
                && subscriber != null
                && subscription.filter().covers(event.context())
                && subscriber.match(subscription, event)) {
            touched.add(subscriber);
        }
    }

    private Dispatched dispatchedOf(PartitionName partition) {
        return dispatched.computeIfAbsent(partition, _ -> new Dispatched());
    }

    @Override
    public void gap(PartitionName partition, long fromOffset) {
        Dispatched known = dispatchedOf(partition);
        known.next = Math.max(known.next, fromOffset);
        attached.forEach(each -> each.gap(partition, fromOffset));
        if (!isAskingForMarks) {
            isAskingForMarks = true;
            relay.mark(
                    List.of(EVERYTHING),
                    () -> {
                        isAskingForMarks = false;
                        List.copyOf(attached).forEach(Subscriber::resume);
                    });
        }
    }

    @Override
    public void dispatched(PartitionName partition, long offset) {
        Dispatched known = dispatchedOf(partition);
        known.next = Math.max(known.next, offset);
    }

    // --- what sessions ask of the log ------------------------------------------------------------

    @Override
    public long dispatched(PartitionName partition) {
        Dispatched known = dispatched.get(partition);
        return known == null ? -1 : known.next;
    }

    @Override
    public Collection<PartitionName> reached(Collection<Subscription> subscriptions) {
        Set<PartitionName> reached = new LinkedHashSet<>();
        for (Subscription each : subscriptions) {
            if (each.filter().share() == null) {
                reached.addAll(relay.backlog().reachedBy(each.filter().pattern()));
            }
        }
        return reached;
    }

    @Override
    public void read(
            Subscriber subscriber, PartitionName partition, long from, Predicate<Context> wanted) {
        reading.piece(subscriber, partition, from, wanted);
    }

    @Override
    public void find(Subscriber subscriber, List<Sent> sent) {
        reading.find(subscriber, sent);
    }

    @Override
    public void retained(
            Subscriber subscriber, Subscription subscription, @Nullable Context after) {
        reading.retained(subscriber.session().principal(), subscriber, subscription, after);
    }

    /// Finds out which messages with QoS 2 were recorded before a crash. Any thread.
    ///
    /// @param failed called instead of `then` if the log cannot be read
    void search(
            ClientSession session,
            List<Received.Entry> unknown,
            Runnable then,
            Consumer<MillraceException> failed) {
        reading.search(session, unknown, then, failed);
    }

    // --- what conversations ask of the server ----------------------------------------------------

    @Override
    public Reads reads() {
        return this;
    }

    @Override
    public void claim(Conversation conversation, Connect connect) {
        clients.claim(this, conversation, connect);
    }

    /// A message as the event that it is.
    private final class Taken implements Incoming {
        private final Publication publication;

        Taken(Publication publication) {
            this.publication = publication;
        }

        @Override
        public Destination destination() {
            Backlog.Place place =
                    relay.backlog()
                            .placeOf(
                                    Context.of(String.valueOf(publication.context())),
                                    publication.event().partitionKey());
            return new Destination(place.partition(), place.endOffset());
        }
    }

    @Override
    public Incoming take(Conversation conversation, Message message) {
        return take(message, conversation.connect().version());
    }

    private Taken take(Message message, ProtocolVersion version) {
        try {
            return new Taken(messages.read(message, version, newIdentifier(), clock.epochMillis()));
        } catch (MillraceException e) {
            refused++;
            throw new Refused(MqttErrors.of(e), MqttErrors.message(e));
        }
    }

    @Override
    public void publish(
            Conversation conversation,
            Incoming incoming,
            int qos,
            @Nullable String publisher,
            long number,
            Reply reply) {
        Publication said = ((Taken) incoming).publication;
        Marks marks = new Marks(said.marks().retain(), qos, publisher, number);
        publishing.publish(
                conversation,
                conversation.principal(),
                new Publication(said.context(), said.event(), marks),
                reply);
    }

    /// Publishes the last will of somebody who is gone.
    void publishWill(Will will) {
        Taken taken;
        try {
            taken = take(will.message(), ProtocolVersion.V5);
        } catch (Refused e) {
            return;
        }
        Publication said = taken.publication;
        Marks marks = Marks.of(said.marks().retain(), will.qos());
        publishing.publish(
                will,
                Principal.LOCAL,
                new Publication(said.context(), said.event(), marks),
                new Reply() {
                    @Override
                    public void recorded() {
                        // Nobody waits for it.
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        LOG.warn("A will could not be published: {}", problem.getMessage());
                    }
                });
    }

    @Override
    public void subscribe(Conversation conversation, Subscription subscription, Notes.Done done) {
        Subscriber subscriber = subscription.subscriber();
        if (subscription.filter().share() != null && subscriber != null) {
            join(conversation, subscription, subscriber, done);
            return;
        }
        ContextPattern pattern = subscription.filter().pattern();
        try {
            relay.follow(
                    conversation.principal(),
                    pattern,
                    () -> {
                        done.done(null);
                        flush();
                    });
        } catch (MillraceException e) {
            done.done(e);
            return;
        }
        filters.add(pattern, subscription);
        if (subscriber != null) {
            attached.add(subscriber);
        }
    }

    private void join(
            Conversation conversation,
            Subscription subscription,
            Subscriber subscriber,
            Notes.Done done) {
        boolean isNew = subscriber.session().find(subscription.filter().text()) == null;
        if (isNew) {
            shared.retain(subscription.filter());
        }
        shared.join(
                this,
                conversation.principal(),
                subscription,
                subscriber,
                problem -> {
                    if (problem != null && isNew) {
                        shared.drop(subscription.filter());
                    }
                    done.done(problem);
                });
    }

    @Override
    public void unsubscribe(ClientSession session, Subscription subscription) {
        detach(subscription);
        boolean isOver = session.find(subscription.filter().text()) == null;
        if (isOver && subscription.filter().share() != null) {
            shared.drop(subscription.filter());
        }
    }

    private void detach(Subscription subscription) {
        if (subscription.filter().share() != null) {
            shared.leave(subscription);
        } else if (filters.remove(subscription.filter().pattern(), subscription)) {
            relay.unfollow(subscription.filter().pattern());
        }
    }

    @Override
    public void keep(ClientSession session, Subscriber subscriber, Notes.Done done) {
        store.keep(
                session, subscriber.places(), clock.epochMillis(), thread::execute, flushing(done));
    }

    @Override
    public void later(long millis, LongConsumer action) {
        thread.schedule(
                () -> {
                    action.accept(clock.nanoTime());
                    flush();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void note(ClientSession session, Subscriber subscriber, Notes.Done done) {
        store.note(session, subscriber.places(), thread::execute, flushing(done));
    }

    private Notes.Done flushing(Notes.Done done) {
        return problem -> {
            done.done(problem);
            flush();
        };
    }

    @Override
    public void left(
            Conversation conversation,
            ClientSession session,
            Subscriber subscriber,
            boolean isWillDue) {
        session.places(subscriber.places());
        session.subscriptions().forEach(this::detach);
        attached.remove(subscriber);
        clients.left(this, conversation, session, isWillDue);
    }

    /// See [Backlog#named].
    PartitionName named(String stream, int number) {
        return relay.backlog().named(stream, number);
    }

    /// Follows nothing any more. Any thread.
    void close() {
        relay.close();
    }
}
