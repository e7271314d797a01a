package io.millrace.gateway.mqtt.session;

import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Outflow.Stage;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.millrace.log.Retain;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sends a connected session what it has subscribed to. Owned by the session's event loop.
///
/// A session follows each partition live, together with all others of its loop, as long as it takes
/// what comes. If its window is full or its socket does not take more, it is *behind* in that
/// partition: from then on it reads the log, at its own pace, until it has caught up. So a slow
/// client, or one that comes back after a week, costs no memory but a number for each partition.
///
/// With QoS 0 nobody falls behind: what the socket does not take is not sent (section 4.3.1).
public final class Subscriber {
    private final ClientSession session;
    private final Reads reads;
    private final Sender sender;
    private final Map<PartitionName, Place> behind = new LinkedHashMap<>();
    private final RetainedFeeds retained;
    private final Delivery delivery = new Delivery();

    /// Sent by an earlier connection, and still to be sent by this one.
    private @Nullable ArrayDeque<Resent> again;

    private boolean isSearching;
    private boolean isResuming;
    private boolean isBegun;
    private boolean isStarted;
    private boolean closed;

    /// What the event that is looked at now matched.
    private int matchedQos = -1;

    private boolean matchedAsPublished;

    /// @param event `null` where only PUBREL is to be sent, or where nothing is left of it
    private record Resent(Sent sent, @Nullable StoredEvent event) {
        boolean isMessage() {
            return event != null && sent.stage() != Stage.RELEASED;
        }
    }

    /// @param windowMax messages that may be under way: the smaller of the client's Receive Maximum
    ///   and the server's limit
    /// @param failed hears that progress could not be written down
    public Subscriber(
            ClientSession session,
            Outlet outlet,
            Reads reads,
            Notes.Saving saving,
            Notes.Done failed,
            int windowMax) {
        this.session = session;
        this.reads = reads;
        this.sender = new Sender(session, outlet, saving, failed, windowMax);
        this.retained = new RetainedFeeds(session, reads, sender);
    }

    public ClientSession session() {
        return session;
    }

    // --- live ------------------------------------------------------------------------------------

    /// A subscription of this session covers the event that comes next.
    ///
    /// @return whether it is the first that does
    public boolean match(Subscription subscription, StoredEvent event) {
        Subscription.Options options = subscription.options();
        if (options.noLocal() && session.number().equals(event.marks().publisher())) {
            return false;
        }
        boolean isFirst = matchedQos < 0;
        if (isFirst) {
            delivery.subscriptionCount = 0;
            delivery.format = options.format();
            matchedAsPublished = false;
        }
        matchedQos = Math.max(matchedQos, options.qos());
        matchedAsPublished |= options.retainAsPublished();
        if (options.identifier() != 0) {
            delivery.addSubscription(options.identifier());
        }
        return isFirst;
    }

    /// The event that was matched.
    public void live(PartitionName partition, StoredEvent event) {
        int qos = Math.min(matchedQos, event.marks().qos());
        matchedQos = -1;
        if (!behind.isEmpty()) {
            Place place = behind.get(partition);
            if (place != null) {
                if (!place.isAhead || event.offset() < place.next()) {
                    return;
                }
                caughtUp(partition);
            }
        }
        if (closed
                || again != null
                || !send(partition, event, qos, matchedAsPublished && isKept(event))) {
            fallBehind(partition, event.offset());
        }
    }

    private static boolean isKept(StoredEvent event) {
        return event.marks().retain() != Retain.PASS;
    }

    private void fallBehind(PartitionName partition, long offset) {
        behind.putIfAbsent(partition, new Place(partition, offset));
    }

    /// Events were left out for all of the loop's sessions.
    public void gap(PartitionName partition, long fromOffset) {
        Place place = behind.get(partition);
        if (place == null) {
            place = new Place(partition, fromOffset);
            behind.put(partition, place);
        }
        place.torn(fromOffset);
        resume();
    }

    /// Writes down how far a durable session has come: with QoS 0 and 1 nothing else does.
    public void noteProgress() {
        sender.noteProgress();
    }

    private boolean send(PartitionName partition, StoredEvent event, int qos, boolean isRetained) {
        delivery.qos = qos;
        delivery.isRetained = isRetained;
        return sender.send(partition, event, delivery);
    }

    // --- shared subscriptions --------------------------------------------------------------------

    /// Whether an event of a shared subscription can be taken now.
    public boolean hasRoom() {
        return !closed && again == null && sender.hasRoom();
    }

    /// Sends an event that is leased for this session; [#hasRoom] must hold.
    public void share(
            Subscription subscription,
            PartitionName partition,
            StoredEvent event,
            Settling settling) {
        Subscription.Options options = subscription.options();
        matchedQos = -1;
        match(subscription, event);
        matchedQos = -1;
        delivery.qos = Math.min(options.qos(), event.marks().qos());
        delivery.isRetained = options.retainAsPublished() && isKept(event);
        sender.share(partition, event, delivery, settling);
    }

    // --- from the log ----------------------------------------------------------------------------

    /// Begins with a session that was away; [#start] has to follow when its subscriptions are
    /// followed live.
    ///
    /// @param places where it stood
    public void begin(Map<PartitionName, Long> places) {
        isBegun = true;
        for (PartitionName partition : reads.reached(session.subscriptions())) {
            // What it does not know came later, and all of it is new.
            behind.put(partition, new Place(partition, places.getOrDefault(partition, 0L)));
        }
        List<Sent> unacknowledged = session.outflow().inOrder();
        if (!unacknowledged.isEmpty()) {
            again = new ArrayDeque<>();
            isSearching = true;
            reads.find(this, unacknowledged);
        }
    }

    /// Begins to send.
    public void start() {
        isStarted = true;
        resume();
    }

    /// Events of what was sent before, in the order in which that was asked for.
    ///
    /// @param events `null` for one that is not there any more
    public void found(List<Sent> sent, List<@Nullable StoredEvent> events) {
        if (closed || again == null) {
            return;
        }
        isSearching = false;
        for (int i = 0; i < sent.size(); i++) {
            again.add(new Resent(sent.get(i), events.get(i)));
        }
        resume();
    }

    private void sendAgain(ArrayDeque<Resent> all) {
        while (!all.isEmpty() && sender.isWritable()) {
            Resent next = all.element();
            if (next.isMessage() && !sender.hasRoomAgain()) {
                // The client may take fewer at a time now.
                return;
            }
            all.remove();
            Sent sent = next.sent;
            if (sent.stage() == Stage.RELEASED) {
                sender.release(sent.identifier());
            } else if (next.event == null) {
                sender.forget(sent);
            } else {
                collect(next.event);
                sender.sendAgain(sent, next.event, delivery);
            }
        }
    }

    /// What of the session's subscriptions an event that was sent before is for; what it was
    /// subscribed to then may be gone, and it is sent again all the same.
    private void collect(StoredEvent event) {
        matchedQos = -1;
        delivery.subscriptionCount = 0;
        delivery.format = MessageFormat.AUTO;
        for (Subscription each : session.subscriptions()) {
            if (each.covers(event.context())) {
                match(each, event);
            }
        }
        matchedQos = -1;
    }

    /// A piece of the log.
    ///
    /// @param events what the session's subscriptions cover
    /// @param next where to go on
    public void read(PartitionName partition, List<StoredEvent> events, long next) {
        Place place = behind.get(partition);
        if (closed || place == null || !place.isReading) {
            return;
        }
        place.isReading = false;
        if (place.isStale) {
            place.isStale = false;
        } else {
            place.read(events, next);
        }
        resume();
    }

    /// A partition is not there any more.
    public void gone(PartitionName partition) {
        behind.remove(partition);
    }

    /// Goes on sending what waits: there may be room again.
    public void resume() {
        if (closed || isResuming || !isStarted) {
            return;
        }
        isResuming = true;
        try {
            if (again != null) {
                sendAgain(again);
                if (isSearching || !again.isEmpty()) {
                    return;
                }
                again = null;
            }
            retained.send(this);
            if (!behind.isEmpty()) {
                for (Place place : List.copyOf(behind.values())) {
                    catchUp(place);
                }
            }
        } finally {
            isResuming = false;
        }
    }

    private void catchUp(Place place) {
        PartitionName partition = place.partition();
        StoredEvent event = place.peek();
        while (event != null) {
            // What is written down while it is sent has it under way, and so no more before it.
            place.take();
            if (!sendOld(partition, event)) {
                place.putBack(event);
                return;
            }
            event = place.peek();
        }
        if (place.isReading) {
            return;
        }
        long dispatched = reads.dispatched(partition);
        if (place.isTorn(dispatched)) {
            // What the log has already need not wait until that is told, within a second.
            if (!place.isDry) {
                readOn(place);
            }
            return;
        }
        if (dispatched == place.next() || (place.isAhead && dispatched > place.next())) {
            caughtUp(partition);
        } else if (dispatched >= 0 && place.next() > dispatched) {
            place.isAhead = true;
        } else {
            readOn(place);
        }
    }

    private void readOn(Place place) {
        if (sender.hasRoom()) {
            place.isReading = true;
            reads.read(this, place.partition(), place.next(), wanted());
        }
    }

    /// @return false if there is no room for it now
    private boolean sendOld(PartitionName partition, StoredEvent event) {
        matchedQos = -1;
        for (Subscription each : session.subscriptions()) {
            boolean counts =
                    each.filter().share() == null
                            && each.covers(event.context())
                            && each.reachesBack(partition, event.offset());
            if (counts) {
                match(each, event);
            }
        }
        if (matchedQos < 0) {
            return true;
        }
        int qos = Math.min(matchedQos, event.marks().qos());
        matchedQos = -1;
        if (qos == 0 && !sender.isWritable()) {
            // It was not sent when it came, and is not lost while it can still be.
            return false;
        }
        return send(partition, event, qos, matchedAsPublished && isKept(event));
    }

    private Predicate<Context> wanted() {
        List<Subscription> all =
                session.subscriptions().stream()
                        .filter(each -> each.filter().share() == null)
                        .toList();
        return context -> {
            for (Subscription each : all) {
                if (each.covers(context)) {
                    return true;
                }
            }
            return false;
        };
    }

    private void caughtUp(PartitionName partition) {
        behind.remove(partition);
        if (behind.isEmpty()) {
            session.subscriptions().forEach(each -> each.since(Map.of()));
        }
    }

    // --- retained messages -----------------------------------------------------------------------

    /// Sends the retained messages that a subscription covers, before what is read from the log.
    public void sendRetainedOf(Subscription subscription) {
        retained.begin(this, subscription);
    }

    /// A page of them.
    ///
    /// @param next the context to go on behind; `null` if that was all
    public void retained(
            Subscription subscription, List<RetainedFeed.Entry> page, @Nullable Context next) {
        retained.read(subscription, page, next);
        resume();
    }

    // --- acknowledgements ------------------------------------------------------------------------

    /// PUBACK.
    ///
    /// @return whether something with QoS 1 had that identifier
    public boolean acknowledged(int identifier, boolean isError) {
        return resumed(sender.acknowledged(identifier, isError));
    }

    private boolean resumed(boolean wasKnown) {
        if (!behind.isEmpty() || again != null || !retained.isEmpty()) {
            resume();
        }
        return wasKnown;
    }

    /// PUBREC.
    ///
    /// @return whether something with QoS 2 had that identifier
    public boolean received(int identifier, boolean isError) {
        return resumed(sender.received(identifier, isError));
    }

    /// PUBCOMP.
    ///
    /// @return whether something with QoS 2 had that identifier
    public boolean completed(int identifier) {
        return resumed(sender.completed(identifier));
    }

    // --- the end ---------------------------------------------------------------------------------

    /// The session has a subscription more: in what has not been read yet it counts from here on
    /// only.
    ///
    /// @param before the one that it replaces, whose past is its own: clients that come back say
    ///   again what they want
    void subscribed(Subscription subscription, @Nullable Subscription before) {
        if (before != null) {
            subscription.since(before.since());
            return;
        }
        if (behind.isEmpty()) {
            return;
        }
        Map<PartitionName, Long> since = new HashMap<>();
        for (Place place : behind.values()) {
            PartitionName partition = place.partition();
            since.put(partition, Math.max(place.next(), reads.dispatched(partition)));
            // What is being read leaves out what only this one wants.
            place.isStale = place.isReading;
        }
        subscription.since(since);
    }

    /// Where the session stands; where it stood, as long as nothing was sent.
    public Map<PartitionName, Long> places() {
        if (!isBegun) {
            // Its subscriptions are not followed yet: it stands where it stood.
            return session.places();
        }
        Map<PartitionName, Long> places = new HashMap<>();
        for (PartitionName partition : reads.reached(session.subscriptions())) {
            Place place = behind.get(partition);
            long offset = place == null ? reads.dispatched(partition) : place.offset();
            if (offset >= 0) {
                places.put(partition, offset);
            }
        }
        return places;
    }

    /// Whether it follows everything live.
    public boolean isLive() {
        return behind.isEmpty();
    }

    /// The connection is gone.
    public void close() {
        if (!closed) {
            closed = true;
            sender.close();
        }
    }

    public boolean isClosed() {
        return closed;
    }
}
