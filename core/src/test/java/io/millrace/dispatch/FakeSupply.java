package io.millrace.dispatch;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.Supply;
import io.millrace.group.Verdict;
import io.millrace.io.Clock;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/// A cursor in memory that does what a supply promises, and nothing that it does not: verdicts on
/// leases that ended change nothing, and whoever gets less than it asked for is told of more.
///
/// What is to be given out again with a delay waits until [#redeliver] is called. All of it happens
/// on the executor, which must run one thing at a time.
public final class FakeSupply implements Supply {
    private final Executor shard;
    private final Clock clock;
    private final int partition;
    private final Deque<Waiting> ready = new ArrayDeque<>();
    private final List<Waiting> delayed = new ArrayList<>();
    private final Map<String, Waiting> leased = new HashMap<>();
    private final List<Long> done = new ArrayList<>();
    private final Map<Long, Verdict.Bury> buried = new HashMap<>();
    private final Map<Long, List<Verdict.Again>> again = new HashMap<>();
    private final AtomicLong doneCount = new AtomicLong();
    private Outlet outlet = _ -> {};
    private boolean hungry;
    private long nextOffset;
    private long nextToken;

    private record Waiting(StoredEvent event, int deliveries, int failures, long firstMillis) {}

    public FakeSupply(Executor shard, Clock clock, int partition) {
        this.shard = shard;
        this.clock = clock;
        this.partition = partition;
    }

    /// Tells this one of events from now on.
    public void feeds(Outlet other) {
        shard.execute(() -> {
            outlet = other;
            hungry = false;
            outlet.available(this);
        });
    }

    /// More events.
    public void put(Event... events) {
        put(List.of(events), 0, 0);
    }

    /// Events that have failed before.
    ///
    /// @param firstMillis when they were given out for the first time
    public void put(List<Event> events, int failures, long firstMillis) {
        shard.execute(() -> {
            for (Event event : events) {
                StoredEvent stored =
                        new StoredEvent(
                                "events",
                                partition,
                                nextOffset++,
                                clock.epochMillis(),
                                Context.of(event.source()),
                                event);
                ready.add(new Waiting(stored, failures, failures, firstMillis));
            }
            tell();
        });
    }

    private void tell() {
        if (hungry && !ready.isEmpty()) {
            hungry = false;
            outlet.available(this);
        }
    }

    @Override
    public List<Leased> take(int max, Duration lease) {
        long now = clock.epochMillis();
        List<Leased> taken = new ArrayList<>();
        while (taken.size() < max && !ready.isEmpty()) {
            Waiting next = ready.remove();
            long first = next.deliveries() == 0 ? now : next.firstMillis();
            Waiting given =
                    new Waiting(next.event(), next.deliveries() + 1, next.failures(), first);
            String token = partition + "-" + nextToken++;
            leased.put(token, given);
            taken.add(
                    new Leased(
                            token,
                            now + lease.toMillis(),
                            given.deliveries(),
                            given.failures(),
                            first,
                            given.event()));
        }
        hungry = taken.size() < max;
        return taken;
    }

    @Override
    public void settle(Leased lease, Verdict verdict) {
        shard.execute(() -> {
            Waiting given = leased.remove(lease.token());
            if (given == null) {
                throw new IllegalStateException("settled twice: " + lease);
            }
            long offset = lease.event().offset();
            switch (verdict) {
                case Verdict.Done _ -> {
                    done.add(offset);
                    doneCount.incrementAndGet();
                }
                case Verdict.Again back -> giveBack(offset, given, back);
                case Verdict.Bury bury -> buried.put(offset, bury);
            }
        });
    }

    private void giveBack(long offset, Waiting given, Verdict.Again back) {
        again.computeIfAbsent(offset, _ -> new ArrayList<>()).add(back);
        Waiting later =
                new Waiting(
                        given.event(),
                        given.deliveries(),
                        given.failures() + (back.failed() ? 1 : 0),
                        given.firstMillis());
        if (back.delay().isPositive()) {
            delayed.add(later);
        } else {
            ready.addFirst(later);
            tell();
        }
    }

    /// Makes due whatever waits for its time.
    public void redeliver() {
        shard.execute(() -> {
            ready.addAll(delayed);
            delayed.clear();
            tell();
        });
    }

    @Override
    public void run(Runnable action) {
        shard.execute(action);
    }

    /// How many are done. Any thread.
    public long doneCount() {
        return doneCount.get();
    }

    /// The offsets that are done, in the order in which they were settled.
    public List<Long> done() {
        return done;
    }

    /// What was buried, by offset.
    public Map<Long, Verdict.Bury> buried() {
        return buried;
    }

    /// How an event was given back each time.
    public List<Verdict.Again> again(long offset) {
        return again.getOrDefault(offset, List.of());
    }

    /// How many are with the consumer.
    public int leasedCount() {
        return leased.size();
    }

    /// How many can be taken.
    public int readyCount() {
        return ready.size();
    }
}
