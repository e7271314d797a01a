package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a client of a random life may and must get, kept apart from all that the server does, and
/// compared with what it gets.
final class LifeRecord {
    private final LifeLog log;
    private final String id;
    private final boolean refusesBig;

    /// What a subscription may bring: everything from one place to another.
    private final List<Reach> reaches = new ArrayList<>();

    /// What is subscribed for certain.
    private final Map<String, Granted> granted = new LinkedHashMap<>();

    /// What has to come yet, by place.
    private final Map<Place, StoredEvent> due = new TreeMap<>();

    /// QoS 2 messages that are not released.
    private final Map<Integer, Place> unreleased = new HashMap<>();

    private final Set<Integer> everReceived = new HashSet<>();
    private final Set<Place> once = new HashSet<>();
    private final Set<Place> seen = new HashSet<>();
    private final Map<String, Long> last = new HashMap<>();
    private final List<Own> published = new ArrayList<>();

    /// Whether there is a session to come back to: `null` if that cannot be known.
    private @Nullable Boolean isThere = false;

    private boolean isDurable;
    private boolean isConfirmed;
    private boolean mustBeClean;

    record Place(int partition, long offset) implements Comparable<Place> {
        static Place of(StoredEvent event) {
            PartitionName name = LifeLog.partitionOf(LifeLog.topic(event));
            return new Place(LifeLog.PARTITIONS.indexOf(name), event.offset());
        }

        @Override
        public int compareTo(Place other) {
            int first = Integer.compare(partition, other.partition);
            return first != 0 ? first : Long.compare(offset, other.offset);
        }
    }

    /// A message that the client publishes.
    static final class Own {
        final String topic;
        final int qos;
        final String text;
        boolean isReceived;
        boolean isDone;
        boolean isRefused;

        Own(String topic, int qos, String text) {
            this.topic = topic;
            this.qos = qos;
            this.text = text;
        }
    }

    private static final class Reach {
        final String filter;
        final int qos;
        final Map<PartitionName, Long> from;

        /// The packets that began it and end it.
        final int begun;

        int ending;
        @Nullable Map<PartitionName, Long> to;

        Reach(String filter, int qos, Map<PartitionName, Long> from, int begun) {
            this.filter = filter;
            this.qos = qos;
            this.from = from;
            this.begun = begun;
        }

        boolean holds(StoredEvent event) {
            PartitionName partition = LifeLog.partitionOf(LifeLog.topic(event));
            return LifeLog.covers(filter, LifeLog.topic(event))
                    && event.offset() >= from.getOrDefault(partition, 0L)
                    && (to == null || event.offset() < to.getOrDefault(partition, 0L));
        }
    }

    private record Granted(int qos, Map<PartitionName, Long> from) {}

    LifeRecord(LifeLog log, String id, boolean refusesBig) {
        this.log = log;
        this.id = id;
        this.refusesBig = refusesBig;
    }

    // --- the session -----------------------------------------------------------------------------

    /// Whether the client has no session any more, and the server may have one.
    boolean mustBeClean() {
        return mustBeClean;
    }

    void connecting(boolean isClean, boolean durable) {
        isDurable = durable;
        isConfirmed = false;
        if (isClean) {
            nothing();
            isThere = null;
            // Until it is answered the server may still have the one before.
            mustBeClean = true;
        }
    }

    private void nothing() {
        reaches.clear();
        granted.clear();
        due.clear();
        unreleased.clear();
        everReceived.clear();
        once.clear();
        seen.clear();
        last.clear();
    }

    void connected(boolean isPresent, boolean isClean) {
        if (isPresent && (isClean || Boolean.FALSE.equals(isThere))) {
            throw new AssertionError(id + " is said to have a session");
        }
        if (!isPresent && Boolean.TRUE.equals(isThere)) {
            throw new AssertionError("the session of " + id + " is lost");
        }
        if (!isPresent) {
            nothing();
        }
        mustBeClean = false;
        isConfirmed = true;
    }

    /// The server has crashed: what it left out with QoS 0 may come now.
    void crashed() {
        last.keySet().removeIf(each -> each.endsWith("/0"));
    }

    void disconnected() {
        if (isConfirmed) {
            isThere = isDurable;
        } else if (!isDurable || !Boolean.TRUE.equals(isThere)) {
            isThere = null;
        }
        if (!isDurable) {
            nothing();
            mustBeClean |= !isConfirmed;
        }
    }

    // --- subscriptions ---------------------------------------------------------------------------

    @Nullable String anyFilter(Random random) {
        List<String> all = List.copyOf(granted.keySet());
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    void subscribing(String filter, int qos) {
        Granted before = granted.get(filter);
        if (before != null) {
            granted.put(filter, new Granted(Math.min(qos, before.qos), before.from));
            dueAgain();
        }
    }

    /// The server hears of a subscription.
    void reaches(@Nullable String filter, int qos, Map<PartitionName, Long> from, int packet) {
        // One that replaces another has the past of that one.
        Map<PartitionName, Long> first = new HashMap<>(from);
        for (Reach each : reaches) {
            if (each.filter.equals(filter) && each.to == null) {
                each.from.forEach((partition, at) -> first.merge(partition, at, Math::min));
            }
        }
        reaches.add(new Reach(String.valueOf(filter), qos, first, packet));
    }

    void failed(int packet) {
        for (Reach each : reaches) {
            // One that has replaced another stays.
            boolean isNew = granted.get(each.filter) == null;
            if (each.begun == packet && isNew && each.to == null) {
                each.to = log.ends();
            }
        }
    }

    /// The client hears that it is subscribed.
    ///
    /// @param qos what it has asked for since then, if that is less
    void subscribed(String filter, int qos, Map<PartitionName, Long> from) {
        Granted before = granted.get(filter);
        if (before == null) {
            granted.put(filter, new Granted(qos, from));
            for (PartitionName partition : LifeLog.PARTITIONS) {
                List<StoredEvent> all = log.of(partition);
                int first = (int) (long) from.getOrDefault(partition, 0L);
                all.subList(first, all.size()).forEach(this::appended);
            }
        } else {
            // What was published before may come with the old one.
            granted.put(filter, new Granted(qos, before.from));
        }
    }

    void unsubscribing(String filter) {
        granted.remove(filter);
        dueAgain();
    }

    /// The server hears that a subscription is to end.
    void ends(String filter, int packet) {
        for (Reach each : reaches) {
            if (each.filter.equals(filter) && each.to == null) {
                each.ending = packet;
            }
        }
    }

    void unsubscribed(int packet) {
        for (Reach each : reaches) {
            if (each.ending == packet && each.to == null) {
                each.to = log.ends();
            }
        }
    }

    private void dueAgain() {
        due.values().removeIf(event -> qosOf(event) <= 0);
    }

    /// The quality of service with which an event has to come; 0 if it need not.
    private int qosOf(StoredEvent event) {
        PartitionName partition = LifeLog.partitionOf(LifeLog.topic(event));
        int most = 0;
        for (Map.Entry<String, Granted> each : granted.entrySet()) {
            Granted mine = each.getValue();
            if (LifeLog.covers(each.getKey(), LifeLog.topic(event))
                    && event.offset() >= mine.from.getOrDefault(partition, 0L)) {
                most = Math.max(most, mine.qos);
            }
        }
        return Math.min(most, event.marks().qos());
    }

    /// The log has an event more.
    void appended(StoredEvent event) {
        boolean isOut = refusesBig && LifeLink.isBig(event);
        if (!isOut && qosOf(event) > 0 && !seen.contains(Place.of(event))) {
            due.put(Place.of(event), event);
        }
    }

    // --- what comes ------------------------------------------------------------------------------

    void received(StoredEvent event, int qos, int identifier, boolean isRefused) {
        Place place = Place.of(event);
        boolean mayBe =
                reaches.stream()
                        .anyMatch(each ->
                                each.holds(event)
                                        && Math.min(each.qos, event.marks().qos()) == qos);
        if (!mayBe) {
            throw new AssertionError(id + " gets what no subscription covers with that QoS");
        }
        if (qos == 2) {
            everReceived.add(identifier);
            Place known = unreleased.get(identifier);
            if (known != null) {
                if (!known.equals(place)) {
                    throw new AssertionError(identifier + " is used for another message");
                }
                if (isRefused) {
                    unreleased.remove(identifier);
                }
                return;
            }
            if (isRefused) {
                due.remove(place);
                return;
            }
            unreleased.put(identifier, place);
        } else if (unreleased.containsKey(identifier)) {
            throw new AssertionError(identifier + " is used for another message");
        }
        if (once.contains(place)) {
            throw new AssertionError(id + " gets twice what it got with QoS 2");
        }
        if (qos == 2) {
            once.add(place);
        }
        due.remove(place);
        boolean isFirst = seen.add(place);
        Long before = last.get(place.partition + "/" + qos);
        if (isFirst && before != null && before > place.offset) {
            throw new AssertionError(id + " gets " + place + " behind " + before);
        }
        if (isFirst) {
            last.put(place.partition + "/" + qos, place.offset);
        }
    }

    void released(int identifier) {
        if (!everReceived.contains(identifier)) {
            throw new AssertionError("PUBREL of " + identifier + ", which never came");
        }
        unreleased.remove(identifier);
    }

    // --- what it publishes -----------------------------------------------------------------------

    void published(Own message) {
        published.add(message);
    }

    /// At the end of a life everything is there that has to be.
    void check(Map<String, Integer> recorded) {
        if (!due.isEmpty()) {
            throw new AssertionError(id + " does not get " + due.keySet());
        }
        for (Own each : published) {
            int times = recorded.getOrDefault(each.text, 0);
            boolean isWrong =
                    (each.qos == 2 && times > 1)
                            || (each.isDone && times == 0)
                            || (each.isRefused && each.qos == 2 && times > 0);
            if (isWrong) {
                throw new AssertionError(each.text + " is recorded " + times + " times");
            }
        }
    }
}
