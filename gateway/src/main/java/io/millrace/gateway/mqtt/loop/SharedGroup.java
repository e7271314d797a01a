package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.session.Settling;
import io.millrace.gateway.mqtt.session.Subscriber;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connected members of one shared subscription: a thread receives for all of them, and gives
/// each event to one that has room; another settles what they acknowledged, much at a time.
/// Thread-safe.
final class SharedGroup {
    private static final Logger LOG = LoggerFactory.getLogger(SharedGroup.class);
    private static final int RECEIVE_MAX = 64;
    private static final int SETTLE_MAX = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Broker broker;
    private final Principal principal;
    private final String name;
    private final ExecutorService threads;
    private final CopyOnWriteArrayList<Member> members = new CopyOnWriteArrayList<>();
    private final BlockingQueue<SettleRequest> settled = new LinkedBlockingQueue<>();

    /// Guarded by itself: tokens of what members hold, to be renewed.
    private final Set<String> held = new HashSet<>();

    /// Anything that ends a pause: a member came.
    private final BlockingQueue<Boolean> signals = new ArrayBlockingQueue<>(1);

    private volatile boolean closed;

    /// What is received while the last member leaves is given back.
    private volatile boolean isReceiving = true;

    private int turn;

    /// One connected session with its subscription.
    record Member(MqttLoop loop, Subscription subscription, Subscriber subscriber) {}

    /// @param name of the pull subscription
    SharedGroup(Broker broker, Principal principal, String name, ExecutorService threads) {
        this.broker = broker;
        this.principal = principal;
        this.name = name;
        this.threads = threads;
    }

    void start() {
        threads.execute(this::receive);
        threads.execute(this::settle);
    }

    void add(Member member) {
        members.add(member);
        boolean _ = signals.offer(true);
    }

    /// @return whether nobody is left, so that this has ended
    // The very subscription, not an equal one.
    @SuppressWarnings("ReferenceEquality")
    boolean remove(Subscription subscription) {
        members.removeIf(each -> each.subscription() == subscription);
        if (members.isEmpty()) {
            close();
        }
        return closed;
    }

    void close() {
        closed = true;
        boolean _ = signals.offer(true);
    }

    // --- receiving -------------------------------------------------------------------------------

    private void receive() {
        try {
            while (!closed) {
                if (members.isEmpty() || !anyHasRoom()) {
                    var _ = signals.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    for (Leased each : received()) {
                        give(each);
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            isReceiving = false;
        }
    }

    private List<Leased> received() throws InterruptedException {
        try {
            return broker.subscriptions()
                    .receive(
                            principal,
                            name,
                            new ReceiveRequest(RECEIVE_MAX, WAIT, SharedGroups.LEASE));
        } catch (MillraceException e) {
            if (!closed) {
                LOG.warn("{} gives nothing: {}", name, e.getMessage());
                var _ = signals.poll(1, TimeUnit.SECONDS);
            }
            return List.of();
        }
    }

    private boolean anyHasRoom() throws InterruptedException {
        for (Member each : members) {
            if (ask(each)) {
                return true;
            }
        }
        return false;
    }

    /// Asks a member on its own thread.
    private boolean ask(Member member) throws InterruptedException {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        member.loop().execute(() -> answer.complete(member.subscriber().hasRoom()));
        return await(answer);
    }

    /// The loop always answers, unless the server stops: an event must not be given to somebody
    /// else while it is on its way.
    private boolean await(CompletableFuture<Boolean> answer) throws InterruptedException {
        while (!closed) {
            try {
                return answer.get(1, TimeUnit.SECONDS);
            } catch (ExecutionException _) {
                return false;
            } catch (TimeoutException _) {
                // It is busy.
            }
        }
        return false;
    }

    /// Gives an event to the next member in turn that has room; back to the others if none has.
    private void give(Leased leased) throws InterruptedException {
        Held settling = new Held(leased.token());
        List<Member> all = new ArrayList<>(members);
        for (int i = 0; i < all.size(); i++) {
            turn = (turn + 1) % all.size();
            Member member = all.get(turn);
            CompletableFuture<Boolean> taken = new CompletableFuture<>();
            member.loop().execute(() -> taken.complete(share(member, leased, settling)));
            if (await(taken)) {
                return;
            }
        }
        settling.release();
    }

    private static boolean share(Member member, Leased leased, Held settling) {
        StoredEvent event = leased.event();
        if (!member.subscriber().hasRoom() || settling.isDone()) {
            return false;
        }
        settling.begin();
        PartitionName partition = member.loop().named(event.stream(), event.partition());
        member.subscriber().share(member.subscription(), partition, event, settling);
        member.loop().flush();
        return true;
    }

    // --- settling --------------------------------------------------------------------------------

    private void settle() {
        List<SettleRequest> batch = new ArrayList<>();
        long renewedAt = System.nanoTime();
        try {
            while (!closed || isReceiving || !settled.isEmpty()) {
                SettleRequest first = settled.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    settled.drainTo(batch, SETTLE_MAX - 1);
                }
                if (System.nanoTime() - renewedAt > SharedGroups.LEASE.toNanos() / 3) {
                    renewedAt = System.nanoTime();
                    renew(batch);
                }
                if (!batch.isEmpty()) {
                    settle(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew(List<SettleRequest> batch) {
        synchronized (held) {
            held.forEach(token ->
                    batch.add(new SettleRequest(token, new SettleAction.Renew(null), null)));
        }
    }

    private void settle(List<SettleRequest> batch) {
        try {
            var _ = broker.subscriptions().settle(principal, name, List.copyOf(batch));
        } catch (MillraceException e) {
            // They come again when their leases end.
            LOG.warn("{} events of {} are not settled: {}", batch.size(), name, e.getMessage());
        }
    }

    /// A lease that a member holds.
    private final class Held implements Settling {
        private final String token;
        private boolean isDone;

        Held(String token) {
            this.token = token;
        }

        synchronized boolean isDone() {
            return isDone;
        }

        void begin() {
            synchronized (held) {
                held.add(token);
            }
        }

        private void end(SettleAction action) {
            synchronized (this) {
                if (isDone) {
                    return;
                }
                isDone = true;
            }
            synchronized (held) {
                held.remove(token);
            }
            settled.add(new SettleRequest(token, action, null));
        }

        @Override
        public void complete() {
            end(new SettleAction.Complete());
        }

        @Override
        public void reject(String reason) {
            end(new SettleAction.Reject(reason));
        }

        @Override
        public void release() {
            end(new SettleAction.Release(Duration.ZERO, false));
        }
    }
}
