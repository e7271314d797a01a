package io.millrace.gateway.mqtt.session;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.store.SessionStore;
import io.millrace.gateway.mqtt.store.SessionStore.Resting;
import io.millrace.log.Marks;
import io.millrace.log.Retain;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a random life's sessions have around them, from one start of the server to its crash: one
/// event loop with its filters, the clients' sessions, and everything that is answered later.
final class LifeServer implements Door, Reads {
    static final String NUMBERS = "s";

    final LifeLog log;
    final LifeTable table;
    final LifeRelay relay;
    private final SessionStore store;
    private final Random random;
    private final Consumer<StoredEvent> appended;
    private final Map<PartitionName, Long> handed = new HashMap<>();
    private final List<Subscription> filters = new ArrayList<>();
    private final Set<Subscriber> attached = new LinkedHashSet<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<String, Resting> resting = new LinkedHashMap<>();

    /// What runs on the loop soon, in order.
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    /// What is read, in any order.
    private final List<Runnable> reads = new ArrayList<>();

    private final ArrayDeque<Runnable> publishing = new ArrayDeque<>();
    private final String process;
    private int sessions;

    private record Claim(Conversation conversation, Connect connect) {}

    private record Taken(LifeLog log, Message message, String text) implements Incoming {
        @Override
        public Destination destination() {
            PartitionName partition = LifeLog.partitionOf(message.topic());
            return new Destination(partition, log.end(partition));
        }
    }

    LifeServer(
            Random random,
            LifeLog log,
            LifeTable table,
            String process,
            Consumer<StoredEvent> appended) {
        this.random = random;
        this.log = log;
        this.table = table;
        this.process = process;
        this.appended = appended;
        this.relay = new LifeRelay(log, 1 + random.nextInt(8));
        this.store = new SessionStore(table);
        store.load()
                .forEach((client, each) ->
                        resting.put(client, each.isConnected() ? each.endedAt(0) : each));
    }

    // --- work ------------------------------------------------------------------------------------

    boolean runTask() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    boolean runRead() {
        if (reads.isEmpty()) {
            return false;
        }
        reads.remove(random.nextInt(reads.size())).run();
        return true;
    }

    boolean runPublishing() {
        Runnable next = publishing.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    boolean drain() {
        boolean any = !relay.isEmpty();
        for (LifeRelay.Item item : relay.drain()) {
            switch (item) {
                case LifeRelay.Item.Live(PartitionName partition, StoredEvent event) ->
                        live(partition, event);
                case LifeRelay.Item.Gap(PartitionName partition, long from) -> {
                    handed.merge(partition, from, Math::max);
                    List.copyOf(attached).forEach(each -> each.gap(partition, from));
                }
                case LifeRelay.Item.Mark(Map<PartitionName, Long> offsets, Runnable done) -> {
                    offsets.forEach((partition, to) -> handed.merge(partition, to, Math::max));
                    done.run();
                }
            }
        }
        return any;
    }

    private void live(PartitionName partition, StoredEvent event) {
        handed.put(partition, event.offset() + 1);
        Set<Subscriber> touched = new LinkedHashSet<>();
        for (Subscription each : List.copyOf(filters)) {
            Subscriber subscriber = each.subscriber();
            boolean covers = LifeLog.covers(each.options().filter(), LifeLog.topic(event));
            if (covers && subscriber != null && subscriber.match(each, event)) {
                touched.add(subscriber);
            }
        }
        touched.forEach(each -> each.live(partition, event));
    }

    void tick() {
        relay.markAll();
        List.copyOf(attached).forEach(Subscriber::resume);
    }

    // --- reads -----------------------------------------------------------------------------------

    @Override
    public long dispatched(PartitionName partition) {
        return handed.getOrDefault(partition, -1L);
    }

    @Override
    public Collection<PartitionName> reached(Collection<Subscription> subscriptions) {
        return LifeLog.PARTITIONS.stream()
                .filter(partition ->
                        subscriptions.stream()
                                .anyMatch(each ->
                                        LifeLog.reaches(each.options().filter(), partition)))
                .toList();
    }

    @Override
    public void read(
            Subscriber subscriber, PartitionName partition, long from, Predicate<Context> wanted) {
        int max = 1 + random.nextInt(4);
        reads.add(() -> {
            List<StoredEvent> all = log.of(partition);
            List<StoredEvent> found = new ArrayList<>();
            long next = from;
            while (next < all.size() && found.size() < max) {
                StoredEvent event = all.get((int) next);
                if (wanted.test(event.context())) {
                    found.add(event);
                }
                next++;
            }
            long behind = next;
            tasks.add(() -> subscriber.read(partition, found, behind));
        });
    }

    @Override
    public void find(Subscriber subscriber, List<Sent> sent) {
        reads.add(() -> {
            List<@Nullable StoredEvent> found = new ArrayList<>();
            sent.forEach(each -> found.add(log.of(each.partition()).get((int) each.offset())));
            tasks.add(() -> subscriber.found(sent, found));
        });
    }

    @Override
    public void retained(
            Subscriber subscriber, Subscription subscription, @Nullable Context after) {
        throw new AssertionError("nobody asks for retained messages");
    }

    // --- sessions, as Clients has them -----------------------------------------------------------

    @Override
    public void claim(Conversation conversation, Connect connect) {
        Claim mine = new Claim(conversation, connect);
        Claim last = claims.put(connect.clientId(), mine);
        if (last == null) {
            give(mine);
        } else {
            tasks.add(() -> last.conversation.end(ReasonCode.SESSION_TAKEN_OVER, "again"));
        }
    }

    private void give(Claim claim) {
        String client = claim.connect.clientId();
        Resting known = resting.remove(client);
        boolean isOver = known != null && (claim.connect.isClean() || known.isExpired(0));
        if (isOver) {
            store.forget(client, Runnable::run, _ -> {});
        }
        if (known == null || isOver) {
            sessions++;
            ClientSession fresh =
                    new ClientSession(
                            client, process + NUMBERS + sessions, claim.connect.expirySeconds());
            if (isOver) {
                fresh.kept();
            }
            tasks.add(() -> claim.conversation.claimed(fresh, false));
            return;
        }
        ClientSession session = known.wake(client);
        reads.add(() -> {
            for (Received.Entry each : List.copyOf(session.received().all())) {
                search(session, each);
            }
            tasks.add(() -> claim.conversation.claimed(session, true));
        });
    }

    private void search(ClientSession session, Received.Entry entry) {
        PartitionName partition = entry.partition();
        if (entry.isRecorded() || partition == null) {
            return;
        }
        List<StoredEvent> all = log.of(partition);
        for (long at = entry.fromOffset(); at < all.size(); at++) {
            Marks marks = all.get((int) at).marks();
            if (session.number().equals(marks.publisher()) && marks.number() == entry.number()) {
                entry.recorded();
                return;
            }
        }
        session.received().forget(entry.identifier());
    }

    @Override
    // One and the same conversation, not an equal one.
    @SuppressWarnings("ReferenceEquality")
    public void left(
            Conversation conversation,
            ClientSession session,
            Subscriber subscriber,
            boolean isWillDue) {
        session.places(subscriber.places());
        session.subscriptions().forEach(this::detach);
        attached.remove(subscriber);
        String client = session.clientId();
        if (session.isDurable()) {
            resting.put(client, store.rest(session, 0, Runnable::run, _ -> {}));
        } else if (session.isKept()) {
            store.forget(client, Runnable::run, _ -> {});
        }
        Claim last = claims.get(client);
        if (last != null && last.conversation == conversation) {
            claims.remove(client);
        } else if (last != null) {
            give(last);
        }
    }

    /// Filters that are followed; all of sessions that somebody is connected to.
    List<Subscription> filters() {
        return filters;
    }

    int claims() {
        return claims.size();
    }

    // --- the rest of the door --------------------------------------------------------------------

    @Override
    public Incoming take(Conversation conversation, Message message) {
        return new Taken(log, message, message.payload().toUtf8());
    }

    @Override
    public void publish(
            Conversation conversation,
            Incoming incoming,
            int qos,
            @Nullable String publisher,
            long number,
            Reply reply) {
        Taken taken = (Taken) incoming;
        if (random.nextInt(40) == 0) {
            reply.failed(new MillraceException(ErrorCode.EVENT_TOO_LARGE, "too large"));
            return;
        }
        boolean fails = random.nextInt(30) == 0;
        publishing.add(() -> {
            if (fails) {
                reply.failed(new MillraceException(ErrorCode.DISK_FULL, "full"));
                return;
            }
            Marks marks = new Marks(Retain.PASS, qos, publisher, number);
            appended.accept(log.append(taken.message.topic(), taken.text, marks));
            publishing.add(reply::recorded);
        });
    }

    @Override
    public void subscribe(Conversation conversation, Subscription subscription, Notes.Done done) {
        filters.add(subscription);
        Subscriber subscriber = subscription.subscriber();
        if (subscriber != null) {
            attached.add(subscriber);
        }
        relay.follow(subscription.options().filter(), () -> done.done(null));
    }

    @Override
    public void unsubscribe(ClientSession session, Subscription subscription) {
        detach(subscription);
    }

    private void detach(Subscription subscription) {
        if (filters.remove(subscription)) {
            relay.unfollow(subscription.options().filter());
        }
    }

    @Override
    public void keep(ClientSession session, Subscriber subscriber, Notes.Done done) {
        store.keep(session, subscriber.places(), 0, Runnable::run, done);
    }

    @Override
    public void note(ClientSession session, Subscriber subscriber, Notes.Done done) {
        store.note(session, subscriber.places(), Runnable::run, done);
    }

    @Override
    public void later(long millis, LongConsumer action) {
        throw new AssertionError("there is no rate");
    }

    @Override
    public Reads reads() {
        return this;
    }
}
