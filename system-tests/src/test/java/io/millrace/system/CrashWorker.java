package io.millrace.system;

import io.millrace.system.CrashingServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One consumer that receives and settles, one by one and in batches, until it is stopped, whatever
/// becomes of the server. It decides by chance, and a [Listener] hears of all it does.
final class CrashWorker implements Runnable {
    private static final int BATCH_MAX = 30;

    private final CrashingServer server;
    private final String path;
    private final Random random;
    private final boolean defers;
    private final Listener listener;
    private final AtomicLong settled;
    private volatile boolean isStopped;

    /// Hears of each step before the next one.
    interface Listener {
        void given(HeldLease lease);

        void settling(HeldLease lease, Decision decision);

        void settled(JobBook.Told told);

        void unheard(HeldLease lease);
    }

    private record Order(HeldLease lease, Decision decision) {}

    /// @param path of the queue or subscription
    /// @param settled counts the settlements that were answered
    CrashWorker(
            CrashingServer server,
            String path,
            Random random,
            Listener listener,
            AtomicLong settled) {
        this.server = server;
        this.path = path;
        this.random = random;
        this.defers = path.startsWith("/queues/");
        this.listener = listener;
        this.settled = settled;
    }

    void stop() {
        isStopped = true;
    }

    @Override
    public void run() {
        while (!isStopped) {
            int max = random.nextBoolean() ? 1 : 1 + random.nextInt(BATCH_MAX);
            List<HeldLease> leases = receive(max);
            if (random.nextBoolean()) {
                leases.forEach(lease -> work(List.of(lease)));
            } else {
                work(leases);
            }
        }
    }

    private List<HeldLease> receive(int max) {
        Answer answer = server.post(path + "/receive?wait=300ms&max=" + max, null, "");
        if (answer == null || answer.status() == 503) {
            return List.of();
        }
        if (!answer.isGood()) {
            throw new AssertionError("receive: " + answer);
        }
        long now = System.currentTimeMillis();
        List<HeldLease> leases = new ArrayList<>();
        for (JsonNode each : answer.body().path("leases")) {
            HeldLease lease = HeldLease.of(each, now);
            listener.given(lease);
            leases.add(lease);
        }
        return leases;
    }

    private void work(List<HeldLease> leases) {
        List<Order> orders = new ArrayList<>();
        List<Order> later = new ArrayList<>();
        for (HeldLease lease : leases) {
            Decision decision = Decision.any(random, defers);
            if (decision.action().equals(Decision.RENEW)) {
                later.add(new Order(lease, new Decision(Decision.COMPLETE)));
            }
            if (!decision.action().equals(Decision.ABANDON)) {
                orders.add(new Order(lease, decision));
            }
        }
        settle(orders);
        settle(later);
    }

    private void settle(List<Order> orders) {
        if (orders.isEmpty()) {
            return;
        }
        ObjectNode document = CrashingServer.json().createObjectNode();
        ArrayNode settlements = document.putArray("settlements");
        for (Order order : orders) {
            listener.settling(order.lease, order.decision);
            settlements.add(order.decision.settlement(order.lease));
        }
        long sent = System.currentTimeMillis();
        Answer answer = heard(server.post(path + "/settle", document), orders);
        boolean again = answer == null;
        if (again && random.nextBoolean()) {
            answer = heard(server.post(path + "/settle", document), orders);
        }
        if (answer != null) {
            tell(orders, answer, sent, again);
        }
    }

    private @Nullable Answer heard(@Nullable Answer answer, List<Order> orders) {
        if (answer == null || answer.status() == 503) {
            orders.forEach(order -> listener.unheard(order.lease));
            return null;
        }
        if (!answer.isGood()) {
            throw new AssertionError("settle: " + answer);
        }
        return answer;
    }

    private void tell(List<Order> orders, Answer answer, long sent, boolean again) {
        long now = System.currentTimeMillis();
        JsonNode results = answer.body().path("results");
        if (results.size() != orders.size()) {
            throw new AssertionError(orders.size() + " settlements: " + answer);
        }
        for (int i = 0; i < orders.size(); i++) {
            JsonNode result = results.get(i);
            HeldLease lease = orders.get(i).lease;
            if (!result.path("token").asString().equals(lease.token())) {
                throw new AssertionError("not in order: " + answer);
            }
            String deadline = result.path("deadline").asString("");
            listener.settled(
                    new JobBook.Told(
                            lease,
                            orders.get(i).decision,
                            result.path("outcome").asString(),
                            deadline.isEmpty()
                                    ? 0
                                    : java.time.Instant.parse(deadline).toEpochMilli(),
                            sent,
                            now,
                            again));
            settled.incrementAndGet();
        }
    }
}
