package io.millrace.gateway.http;

import io.millrace.broker.Administration;
import io.millrace.broker.DeadLetters;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.Queues;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.ReadResult;
import io.millrace.broker.Subscriptions;
import io.millrace.broker.query.Queries;
import io.millrace.broker.stream.Latest;
import io.millrace.broker.stream.StreamStatus;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.door.Follower;
import io.millrace.router.Tail;
import io.millrace.security.Guard;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Position;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A broker with one stream of one partition in memory, which can be told to be slow or broken.
final class TestBroker implements BrokerDoor {
    private final ExecutorService shard = Executors.newSingleThreadExecutor();
    private final Guard guard = new OpenGuard();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<StoredEvent> events = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private @Nullable MillraceException refusal;
    private @Nullable MillraceException failure;
    final List<String> calledBack = new CopyOnWriteArrayList<>();
    private boolean holding;
    private int openTails;
    private boolean overrun;
    private boolean stopped;

    /// From now on publishes fail, at once or later.
    void refuseWith(@Nullable MillraceException problem) {
        refusal = problem;
    }

    void failWith(@Nullable MillraceException problem) {
        failure = problem;
    }

    /// From now on replies wait for [#letGo].
    void hold() {
        locked(() -> holding = true);
    }

    void letGo() {
        locked(() -> {
            holding = false;
            held.forEach(shard::execute);
            held.clear();
        });
    }

    /// Publishes that wait for [#letGo].
    int heldBack() {
        lock.lock();
        try {
            return held.size();
        } finally {
            lock.unlock();
        }
    }

    void overrun() {
        locked(() -> overrun = true);
    }

    int openTails() {
        lock.lock();
        try {
            return openTails;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return events.size();
        } finally {
            lock.unlock();
        }
    }

    StoredEvent event(int offset) {
        lock.lock();
        try {
            return events.get(offset);
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void publish(Principal principal, List<Publication> publications, PublishReply reply) {
        if (refusal != null) {
            throw refusal;
        }
        List<StoredEvent> accepted = new ArrayList<>();
        for (Publication publication : publications) {
            Context context =
                    publication.context() == null
                            ? Context.ofSource(publication.event().source())
                            : Context.of(publication.context());
            if (context == null) {
                throw new MillraceException(
                        ErrorCode.CONTEXT_MISSING, "source", "names no context");
            }
            guard.publish(principal, context);
            accepted.add(
                    new StoredEvent(
                            "events", 0, 0, 0, context, publication.event(), publication.marks()));
        }
        MillraceException problem = failure;
        Runnable answer =
                problem != null ? () -> reply.failed(problem) : () -> store(accepted, reply);
        locked(() -> {
            if (holding) {
                held.add(answer);
            } else {
                shard.execute(answer);
            }
        });
    }

    private void store(List<StoredEvent> accepted, PublishReply reply) {
        List<Receipt> receipts = new ArrayList<>();
        locked(() -> {
            for (StoredEvent event : accepted) {
                long offset = events.size();
                events.add(
                        new StoredEvent(
                                "events",
                                0,
                                offset,
                                1_772_366_400_123L + offset,
                                event.context(),
                                event.event(),
                                event.marks()));
                receipts.add(new Receipt("events", 0, offset));
            }
        });
        reply.stored(receipts);
    }

    @Override
    public ReadResult read(Principal principal, ReadRequest request) throws InterruptedException {
        if (!request.stream().equals("events")) {
            throw new MillraceException(
                    ErrorCode.STREAM_NOT_FOUND, "stream", "there is no stream " + request.stream());
        }
        long nanos = request.waitMax().toNanos();
        lock.lock();
        try {
            int from = from(request.start());
            while (from >= events.size() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            int to = Math.min(events.size(), from + request.eventsMax());
            List<StoredEvent> found = new ArrayList<>();
            for (StoredEvent event : events.subList(Math.min(from, to), to)) {
                if (request.pattern() == null || request.pattern().matches(event.context())) {
                    found.add(event);
                }
            }
            return new ReadResult(found, position(to), to == events.size());
        } finally {
            lock.unlock();
        }
    }

    private int from(Start start) {
        return switch (start) {
            case Start.First _ -> 0;
            case Start.Last _ -> Math.max(0, events.size() - 1);
            case Start.Next _ -> events.size();
            case Start.At(long offset) -> (int) offset;
            case Start.Since _ -> 0;
            case Start.Resume(Position position) -> (int) position.offsets("events")[0];
        };
    }

    private static Position position(long next) {
        return Position.of(Map.of("events", new long[] {next}));
    }

    @Override
    public Follower tail(Principal principal, ContextPattern pattern, Start start) {
        lock.lock();
        try {
            openTails++;
            return new MemoryTail(pattern, from(start));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StreamStatus status(Principal principal, String stream) {
        if (!stream.equals("events")) {
            throw new MillraceException(
                    ErrorCode.STREAM_NOT_FOUND, "stream", "there is no stream " + stream);
        }
        return status(principal).getFirst();
    }

    @Override
    public List<StreamStatus> status(Principal principal) {
        int size = size();
        StreamStatus.PartitionStatus partition =
                new StreamStatus.PartitionStatus(
                        0,
                        0,
                        size,
                        100L * size,
                        size,
                        size == 0 ? null : 1_772_366_400_123L,
                        failure == null ? null : "broken",
                        List.of());
        return List.of(
                new StreamStatus("events", "/", "synced", size, 100L * size, List.of(partition)));
    }

    @Override
    public Latest latest() {
        return new TestLatest(this::copy);
    }

    private List<StoredEvent> copy() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Administration administration() {
        throw new UnsupportedOperationException("has no resources");
    }

    final TestGroups groups = new TestGroups();
    final TestQueues queues = new TestQueues(groups);
    final TestLetters letters = new TestLetters();

    @Override
    public Subscriptions subscriptions() {
        return new TestSubscriptions(groups);
    }

    @Override
    public Queues queues() {
        return queues;
    }

    @Override
    public Queries queries() {
        return new TestQueries();
    }

    @Override
    public DeadLetters deadLetters() {
        return letters;
    }

    @Override
    public boolean calledBack(String key, @Nullable String allowedRate) {
        calledBack.add(key + " " + allowedRate);
        return key.equals("known");
    }

    @Override
    public int contextCount() {
        return 1;
    }

    @Override
    public long publishedCount() {
        return size();
    }

    @Override
    public List<String> failures() {
        return failure == null ? List.of() : List.of("events/0: broken");
    }

    @Override
    public List<String> damages() {
        return List.of();
    }

    @Override
    public int eventBytesMax() {
        return 1 << 20;
    }

    void stop() throws InterruptedException {
        locked(() -> stopped = true);
        shard.shutdown();
        if (!shard.awaitTermination(5, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the shard does not stop");
        }
    }

    private final class MemoryTail implements Follower {
        private final ContextPattern pattern;
        private int next;
        private boolean closed;

        MemoryTail(ContextPattern pattern, int next) {
            this.pattern = pattern;
            this.next = next;
        }

        @Override
        public List<Tail.Item> next(Duration wait) throws InterruptedException {
            long nanos = wait.toNanos();
            lock.lockInterruptibly();
            try {
                while (next >= events.size() && nanos > 0 && !stopped && !overrun) {
                    nanos = changed.awaitNanos(nanos);
                }
                if (stopped) {
                    throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server stops");
                }
                if (overrun) {
                    throw new MillraceException(ErrorCode.SLOW_CONSUMER, "too slow");
                }
                List<Tail.Item> items = new ArrayList<>();
                while (next < events.size() && items.size() < 100) {
                    StoredEvent event = events.get(next++);
                    if (pattern.matches(event.context())) {
                        items.add(new Tail.Item(event, position()));
                    }
                }
                return items;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean overrun() {
            return overrun;
        }

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public String position() {
            return TestBroker.position(next).toString();
        }

        @Override
        public void close() {
            locked(() -> {
                if (!closed) {
                    closed = true;
                    openTails--;
                }
            });
        }
    }

    @Override
    public io.millrace.broker.view.Views views() {
        throw new UnsupportedOperationException("this broker has no views");
    }

    @Override
    public io.millrace.schedule.ScheduleStatus scheduleStatus(Principal principal, String name) {
        throw io.millrace.resource.ResourceKind.SCHEDULE.notFound(name);
    }
}
