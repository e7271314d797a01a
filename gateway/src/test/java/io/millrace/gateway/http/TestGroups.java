package io.millrace.gateway.http;

import io.millrace.broker.GroupStatus;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.Ledger;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What subscriptions and queues have in common, in memory: events are taken in order, releases go
/// to the end, and everything that is asked is written down.
final class TestGroups {
    static final long NOW = 1_772_366_400_123L;

    final List<ReceiveRequest> received = new CopyOnWriteArrayList<>();
    final List<SettleRequest> settled = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    /// While there is one, those who have got leases are kept, and so are those who settle.
    volatile @Nullable CountDownLatch gate;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<StoredEvent> waiting = new ArrayDeque<>();
    private final List<StoredEvent> leased = new ArrayList<>();
    private int waiters;

    /// Makes an event available.
    void add(Event event) {
        lock.lock();
        try {
            long offset = (long) waiting.size() + leased.size();
            waiting.add(new StoredEvent("events", 4, offset, NOW, Context.of("/a/b"), event));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static Event event(String id, String data) {
        return Event.builder()
                .id(id)
                .source("/s")
                .type("t")
                .dataContentType("application/json")
                .data(io.millrace.event.Bytes.utf8(data))
                .build();
    }

    int waiters() {
        lock.lock();
        try {
            return waiters;
        } finally {
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    void check(String name, ErrorCode code) {
        if (!name.equals("known")) {
            throw new MillraceException(code, "name", "there is no " + name);
        }
    }

    List<Leased> receive(ReceiveRequest request) throws InterruptedException {
        received.add(request);
        long nanos = request.waitMax().toNanos();
        lock.lockInterruptibly();
        try {
            waiters++;
            while (waiting.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            List<Leased> given = take(request.max());
            keepDeafly();
            return given;
        } finally {
            waiters--;
            lock.unlock();
        }
    }

    /// Keeps a thread as a broker would that no longer listens to interrupts.
    private void keepDeafly() {
        boolean interrupted = false;
        while (true) {
            try {
                keep();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
                calls.add("interrupted");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() throws InterruptedException {
        CountDownLatch kept = gate;
        if (kept != null) {
            calls.add("kept");
            kept.await();
        }
    }

    private List<Leased> take(int max) {
        List<Leased> given = new ArrayList<>();
        while (given.size() < max && !waiting.isEmpty()) {
            StoredEvent event = waiting.remove();
            leased.add(event);
            given.add(new Leased("t" + event.offset(), NOW + 60_000, 1, 0, NOW + 1, event));
        }
        return given;
    }

    List<SettleResult> settle(List<SettleRequest> requests) {
        try {
            keep();
        } catch (InterruptedException e) {
            throw new MillraceException(ErrorCode.INTERNAL, "nobody may interrupt this", e);
        }
        settled.addAll(requests);
        return requests.stream().map(this::settle).toList();
    }

    private SettleResult settle(SettleRequest request) {
        SettleResult.Outcome outcome =
                switch (request.token()) {
                    case "before" -> SettleResult.Outcome.SETTLED_BEFORE;
                    case "ended" -> SettleResult.Outcome.LEASE_ENDED;
                    case "another" -> SettleResult.Outcome.GIVEN_TO_ANOTHER;
                    case "unknown" -> SettleResult.Outcome.UNKNOWN;
                    default ->
                            request.action() instanceof SettleAction.Reject
                                    ? SettleResult.Outcome.DEAD_LETTERED
                                    : SettleResult.Outcome.DONE;
                };
        lock.lock();
        try {
            for (StoredEvent event : List.copyOf(leased)) {
                if (request.action() instanceof SettleAction.Release
                        && request.token().equals("t" + event.offset())) {
                    leased.remove(event);
                    waiting.add(event);
                }
            }
        } finally {
            lock.unlock();
        }
        boolean renewed = request.action() instanceof SettleAction.Renew;
        return new SettleResult(request.token(), outcome, renewed ? NOW + 90_000 : 0);
    }

    static GroupStatus status(String kind) {
        Ledger ledger = new Ledger(100, 50, 10, 5, 2, 33, 3, 2, 1, 8, NOW);
        return kind.equals("Queue")
                ? new GroupStatus(
                        kind, "known", GroupStatus.State.ACTIVE, null, Ledger.EMPTY, 0, 0, null)
                : new GroupStatus(
                        kind,
                        "known",
                        GroupStatus.State.DISABLED,
                        "the sink is gone",
                        ledger,
                        7,
                        1.5,
                        "410 at noon");
    }
}
