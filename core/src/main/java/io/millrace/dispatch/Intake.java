package io.millrace.dispatch;

import io.millrace.group.Leased;
import io.millrace.group.Supply;
import io.millrace.group.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes events from the supplies, some ahead of their delivery, so that the target never waits for
/// a shard: about as many as are under way, bounded in bytes. Has its turns with its dispatcher.
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /// For a delivery to begin and its verdict to arrive.
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

    private static final long MINUTE_MILLIS = 60_000;
    private static final int EVENTS_MAX = 4_096;
    private static final long HELD_BYTES_MAX = 8 << 20;
    private static final long REQUEST_BYTES_MAX = 1 << 20;

    /// What an event is taken to be like before one was seen.
    private static final long USUAL_BYTES = 16 << 10;

    private static final Verdict UNTOUCHED = new Verdict.Again(Duration.ZERO, false);

    private final DispatcherConfig config;
    private final Target target;
    private final Owner owner;
    private final Map<Supply, Source> sources = new LinkedHashMap<>();
    private final Deque<Source> ready = new ArrayDeque<>();
    private final Deque<Parcel> parcels = new ArrayDeque<>();

    private Duration lease = Duration.ZERO;
    private int aheadMax = 1;
    private int asked;
    private long heldBytes;
    private long eventBytes = USUAL_BYTES;

    /// Whoever the events are for.
    interface Owner {
        /// Events were taken, on the thread of their shard.
        void came(Taken taken);
    }

    /// The answer to one question.
    ///
    /// @param asked for how many
    record Taken(Source source, int asked, List<Leased> events) {}

    /// One supply.
    static final class Source {
        private final Supply supply;
        private boolean isReady;
        private int asked;
        private boolean removed;

        Source(Supply supply) {
            this.supply = supply;
        }

        Supply supply() {
            return supply;
        }
    }

    Intake(DispatcherConfig config, Target target, Owner owner) {
        this.config = config;
        this.target = target;
        this.owner = owner;
        limit(config.perMinute());
    }

    /// How many attempts may begin in a minute; what is taken ahead is what is sent in a second.
    void limit(@Nullable Integer perMinute) {
        int requests = target.concurrencyMax();
        long paceMillis = 0;
        if (perMinute != null) {
            requests = Math.min(requests, Math.max(1, perMinute / 60));
            paceMillis = Math.max(1_000, MINUTE_MILLIS / perMinute);
        }
        aheadMax = (int) Math.min(EVENTS_MAX, (long) requests * target.eventsMax());
        // An event may wait while the one before it takes all of its time.
        lease = config.timeout().multipliedBy(2).plus(LEASE_MARGIN).plusMillis(paceMillis);
    }

    /// Notes that events can be taken.
    void offer(Supply supply) {
        Source source = sources.computeIfAbsent(supply, Source::new);
        // While it is being asked, the answer tells.
        if (!source.isReady && source.asked == 0) {
            source.isReady = true;
            ready.add(source);
        }
    }

    /// Forgets a supply; what was taken from it and not sent is given back.
    void remove(Supply supply) {
        Source source = sources.remove(supply);
        if (source == null) {
            return;
        }
        source.removed = true;
        asked -= source.asked;
        ready.remove(source);
        giveBack(supply);
    }

    /// Gives back what of a supply is not under way.
    void giveBack(Supply supply) {
        parcels.removeIf(each -> {
            boolean mine = each.supply().equals(supply);
            if (mine) {
                giveBack(each);
            }
            return mine;
        });
    }

    /// Asks for more if there is room for a good deal of it.
    void refill() {
        while (!ready.isEmpty()) {
            long room = (HELD_BYTES_MAX - heldBytes) / eventBytes;
            int wanted = (int) Math.min(aheadMax - parcels.size() - asked, room);
            if (wanted < 1 && heldBytes == 0 && asked == 0) {
                wanted = 1;
            }
            if (wanted < 1 || parcels.size() + asked > aheadMax / 2) {
                return;
            }
            ask(ready.remove(), Math.ceilDiv(wanted, ready.size() + 1));
        }
    }

    private void ask(Source source, int count) {
        source.isReady = false;
        source.asked = count;
        asked += count;
        source.supply.run(() -> {
            List<Leased> events = List.of();
            try {
                events = source.supply.take(count, lease);
            } catch (RuntimeException e) {
                LOG.error(
                        "{} could not take events and waits until it is told of more",
                        config.name(),
                        e);
            }
            owner.came(new Taken(source, count, events));
        });
    }

    /// Ends a question whose answer has been dealt with.
    ///
    /// @return false if the supply was removed meanwhile
    boolean answered(Taken taken) {
        Source source = taken.source();
        if (source.removed) {
            return false;
        }
        asked -= taken.asked();
        source.asked = 0;
        if (taken.events().size() >= taken.asked()) {
            offer(source.supply);
        }
        return true;
    }

    /// Takes in what is to be delivered.
    void add(List<Parcel> came) {
        long before = heldBytes;
        for (Parcel parcel : came) {
            hold(parcel);
            parcels.add(parcel);
        }
        if (!came.isEmpty()) {
            eventBytes = (heldBytes - before) / came.size();
        }
    }

    /// Counts an event as here until it is settled.
    void hold(Parcel parcel) {
        heldBytes += parcel.bytes();
    }

    /// Takes in the events of a batch that was rejected, to be tried one by one before all others.
    void split(List<Parcel> batch) {
        for (Parcel parcel : batch.reversed()) {
            parcels.addFirst(parcel.byItself());
        }
    }

    boolean isEmpty() {
        return parcels.isEmpty();
    }

    /// What goes into the next request; empty if no lease of what is here lasts long enough.
    ///
    /// @param nowMillis the time
    List<Parcel> next(long nowMillis) {
        long lastsUntil = nowMillis + config.timeout().toMillis();
        List<Parcel> request = new ArrayList<>();
        long bytes = 0;
        while (request.size() < target.eventsMax() && !parcels.isEmpty()) {
            Parcel parcel = parcels.getFirst();
            boolean mixes = !parcel.alone() && bytes + parcel.bytes() <= REQUEST_BYTES_MAX;
            if (!request.isEmpty() && !mixes) {
                break;
            }
            parcels.removeFirst();
            if (parcel.cause().deadlineMillis() < lastsUntil) {
                giveBack(parcel);
                continue;
            }
            request.add(parcel);
            bytes += parcel.bytes();
            if (parcel.alone()) {
                break;
            }
        }
        return request;
    }

    /// Gives back everything that is not under way.
    void giveBackAll() {
        while (!parcels.isEmpty()) {
            giveBack(parcels.remove());
        }
    }

    /// Gives an event back as if it had never been taken.
    void giveBack(Parcel parcel) {
        settle(parcel, UNTOUCHED);
    }

    void settle(Parcel parcel, Verdict verdict) {
        heldBytes -= parcel.bytes();
        parcel.settle(verdict);
    }
}
