package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.system.CrashingServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Consumers share an ordered pull subscription of the real server, which is killed again and
/// again: every event comes, and those of one context in their order.
@Tag("slow")
@Timeout(300)
final class SubscriptionCrashTest {
    private static final int KILLS = 3;
    private static final int WORKERS = 4;
    private static final int PUBLISHERS = 3;
    private static final int CONTEXTS = 8;
    private static final int EVENTS = 60;
    private static final int BATCH_MAX = 10;
    private static final String SUBSCRIPTION = "/subscriptions/work";
    private static final String BATCH_TYPE = "application/cloudevents-batch+json";

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final JobBook book = new JobBook();
    private final OrderBook order = new OrderBook(book);
    private final AtomicLong settled = new AtomicLong();
    private final AtomicLong noise = new AtomicLong();

    @TempDir Path data;

    @Test
    void everyEventComesAndInOrderHoweverOftenTheServerIsKilled() throws Exception {
        Random random = new Random(seed);
        List<CrashWorker> workers = new ArrayList<>();
        try (CrashingServer server = new CrashingServer(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            create(server);
            List<CompletableFuture<Void>> ended = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                int own = i;
                Random chance = new Random(random.nextLong());
                ended.add(CompletableFuture.runAsync(() -> publish(server, own, chance), threads));
            }
            for (int i = 0; i < WORKERS; i++) {
                Random own = new Random(random.nextLong());
                CrashWorker worker = new CrashWorker(server, SUBSCRIPTION, own, order, settled);
                workers.add(worker);
                ended.add(CompletableFuture.runAsync(worker, threads));
            }
            try {
                for (int i = 0; i < KILLS; i++) {
                    awaitSome(random, ended);
                    server.crash();
                }
                ended.subList(0, PUBLISHERS).forEach(CompletableFuture::join);
                await().pollInterval(Duration.ofMillis(100))
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> hasFailed(ended) || left(ledger(server)) == 0);
            } finally {
                workers.forEach(CrashWorker::stop);
            }
            ended.forEach(CompletableFuture::join);
            count(server);
        }
    }

    private static void create(CrashingServer server) {
        CrashingServer.good(
                server.put("/api/v1/streams/crash", "{\"mount\":\"/crash\",\"partitions\":3}"));
        CrashingServer.good(
                server.put(
                        "/api/v1/subscriptions/work",
                        """
                        {"pattern":"/crash/**","types":["work"],"start":"earliest","order":"key",
                         "pull":{"lease":"1500ms","deliveriesMax":1000}}
                        """));
    }

    private void awaitSome(Random random, List<CompletableFuture<Void>> ended) {
        long until = settled.get() + 50 + random.nextInt(200);
        await().pollInterval(Duration.ofMillis(1 + random.nextInt(40)))
                .atMost(Duration.ofSeconds(60))
                .until(() -> settled.get() >= until || hasFailed(ended));
    }

    private static boolean hasFailed(List<CompletableFuture<Void>> ended) {
        return ended.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    /// Each publisher has contexts of its own, so their order is its order.
    private void publish(CrashingServer server, int own, Random random) {
        int[] next = new int[CONTEXTS];
        List<Integer> open = new ArrayList<>();
        for (int i = own; i < CONTEXTS; i += PUBLISHERS) {
            open.add(i);
        }
        while (!open.isEmpty()) {
            int context = open.get(random.nextInt(open.size()));
            int size = Math.min(1 + random.nextInt(BATCH_MAX), EVENTS - next[context]);
            String batch = batch(context, next[context], size, random.nextInt(4) == 0);
            Answer answer = null;
            while (answer == null) {
                answer = server.post("/events/crash/k" + context, BATCH_TYPE, batch);
            }
            assertThat(answer.isGood()).as("%s", answer).isTrue();
            next[context] += size;
            if (next[context] == EVENTS) {
                open.remove(Integer.valueOf(context));
            }
        }
    }

    private String batch(int context, int first, int size, boolean isNoisy) {
        ArrayNode events = CrashingServer.json().createArrayNode();
        for (int i = first; i < first + size; i++) {
            add(events, "k%d-%d".formatted(context, i), "work");
        }
        if (isNoisy) {
            add(events, "noise" + noise.getAndIncrement(), "noise");
        }
        return events.toString();
    }

    private static void add(ArrayNode events, String id, String type) {
        events.addObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", type);
    }

    private static long left(JsonNode ledger) {
        return ledger.path("pending").asLong() + ledger.path("unread").asLong();
    }

    private static JsonNode ledger(CrashingServer server) {
        JsonNode ledger = server.get("/api/v1/subscriptions/work/status").path("ledger");
        long sum = 0;
        for (String name : List.of("settled", "filtered", "expired", "deadLettered", "pending")) {
            sum += ledger.path(name).asLong();
        }
        assertThat(sum).as("%s", ledger).isEqualTo(ledger.path("accepted").asLong());
        return ledger;
    }

    private void count(CrashingServer server) {
        JsonNode ledger = ledger(server);
        String state = "seed %d: %s, %s".formatted(seed, book.ends(), ledger);
        List<String> wrong = new ArrayList<>(book.contradictions());
        wrong.addAll(order.contradictions());
        Set<String> dead = deadLetters(server);
        long completed = 0;
        long unheard = 0;
        for (JobBook.Job event : book.jobs()) {
            String end = event.ended();
            boolean isDead = dead.contains(event.id());
            completed += Decision.COMPLETE.equals(end) ? 1 : 0;
            unheard += end == null ? 1 : 0;
            boolean isRight = Decision.REJECT.equals(end) == isDead || event.isUnsure();
            if (!isRight || (end == null && !event.isUnsure())) {
                wrong.add("%s: %s, dead %s".formatted(event.id(), end, isDead));
            }
        }
        assertThat(wrong).as(state).isEmpty();
        for (int i = 0; i < CONTEXTS; i++) {
            assertThat(order.given("k" + i)).as("k%d, %s", i, state).isEqualTo(EVENTS);
        }
        long stored = server.get("/api/v1/streams/crash/status").path("events").asLong();
        assertThat(ledger.path("accepted").asLong()).as(state).isEqualTo(stored);
        assertThat(stored - ledger.path("filtered").asLong())
                .as(state)
                .isEqualTo(book.jobs().size());
        assertThat(ledger.path("filtered").asLong()).as(state).isGreaterThanOrEqualTo(noise.get());
        assertThat(ledger.path("settled").asLong())
                .as(state)
                .isBetween(completed, completed + unheard);
    }

    /// Places of those that are with the dead letters.
    private static Set<String> deadLetters(CrashingServer server) {
        Set<String> places = new HashSet<>();
        JsonNode page = server.get("/dead-letters?kind=Subscription&name=work&max=1000");
        for (JsonNode letter : page.path("letters")) {
            JsonNode position = letter.path("position");
            places.add(position.path("partition").asInt() + "/" + position.path("offset").asLong());
        }
        return places;
    }
}
