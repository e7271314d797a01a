package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.system.CrashingServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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

/// Workers take jobs from the real server, which is killed again and again; at the end every job is
/// counted.
@Tag("slow")
@Timeout(300)
final class QueueCrashTest {
    private static final int KILLS = 4;
    private static final int WORKERS = 4;
    private static final int PUBLISHERS = 3;
    private static final int JOBS = 2_400;
    private static final int BATCH_MAX = 20;
    private static final String QUEUE = "/queues/work";
    private static final String BATCH_TYPE = "application/cloudevents-batch+json";

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final JobBook book = new JobBook();
    private final AtomicLong settled = new AtomicLong();

    @TempDir Path data;

    @Test
    void everyJobIsAccountedForHoweverOftenTheServerIsKilled() throws Exception {
        Random random = new Random(seed);
        List<CrashWorker> workers = new ArrayList<>();
        try (CrashingServer server = new CrashingServer(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            createQueue(server);
            List<CompletableFuture<Void>> ended = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                Publisher publisher = new Publisher(server, "p" + i, new Random(random.nextLong()));
                ended.add(CompletableFuture.runAsync(publisher, threads));
            }
            for (int i = 0; i < WORKERS; i++) {
                Random own = new Random(random.nextLong());
                CrashWorker worker = new CrashWorker(server, QUEUE, own, book, settled);
                workers.add(worker);
                ended.add(CompletableFuture.runAsync(worker, threads));
            }
            try {
                for (int i = 0; i < KILLS; i++) {
                    awaitSome(random, ended);
                    server.crash();
                }
                ended.subList(0, PUBLISHERS).forEach(CompletableFuture::join);
                awaitDrained(server, ended);
            } finally {
                workers.forEach(CrashWorker::stop);
            }
            ended.forEach(CompletableFuture::join);
            count(server);
            takeDeferred(server);
            refuseDuplicates(server);
        }
    }

    private static void createQueue(CrashingServer server) {
        CrashingServer.good(
                server.put(
                        "/api/v1/queues/work",
                        "{\"lease\":\"1500ms\",\"deliveriesMax\":5,\"duplicateWindow\":\"1h\"}"));
    }

    /// Until so many were settled since, and not quite at that moment.
    private void awaitSome(Random random, List<CompletableFuture<Void>> ended) {
        long until = settled.get() + 100 + random.nextInt(400);
        await().pollInterval(Duration.ofMillis(1 + random.nextInt(40)))
                .atMost(Duration.ofSeconds(60))
                .until(() -> settled.get() >= until || hasFailed(ended));
    }

    private static boolean hasFailed(List<CompletableFuture<Void>> ended) {
        return ended.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    private static void awaitDrained(CrashingServer server, List<CompletableFuture<Void>> ended) {
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    JsonNode ledger = ledger(server);
                    return hasFailed(ended)
                            || ledger.path("pending").asLong() == ledger.path("deferred").asLong();
                });
    }

    private static JsonNode ledger(CrashingServer server) {
        JsonNode ledger = server.get("/api/v1/queues/work/status").path("ledger");
        assertThat(sum(ledger, "settled", "filtered", "expired", "deadLettered", "pending"))
                .as("%s", ledger)
                .isEqualTo(ledger.path("accepted").asLong());
        return ledger;
    }

    private static long sum(JsonNode ledger, String... names) {
        long sum = 0;
        for (String name : names) {
            sum += ledger.path(name).asLong();
        }
        return sum;
    }

    /// Everything has to be somewhere, and nothing in two places.
    private void count(CrashingServer server) {
        Set<String> dead = deadLetters(server);
        Map<String, String> deferred = deferred(server);
        List<String> wrong = new ArrayList<>(book.contradictions());
        long completed = 0;
        long unheard = 0;
        for (JobBook.Job job : book.jobs()) {
            String id = job.id();
            String end = Objects.requireNonNullElse(job.ended(), "unknown");
            boolean isDead = dead.contains(id);
            boolean isDeferred = deferred.containsKey(id);
            completed += end.equals(Decision.COMPLETE) ? 1 : 0;
            unheard += end.equals("unknown") && !isDead && !isDeferred ? 1 : 0;
            boolean isRight =
                    switch (end) {
                        // Killed between the letter and the record of it, the job is given out
                        // again.
                        case Decision.COMPLETE -> !isDeferred && (!isDead || job.isUnsure());
                        case Decision.DEFER -> isDeferred && (!isDead || job.isUnsure());
                        case Decision.REJECT -> isDead && !isDeferred;
                        default -> isDead || isDeferred || job.isUnsure();
                    };
            if (!isRight) {
                wrong.add("%s: %s, dead %s, deferred %s".formatted(id, end, isDead, isDeferred));
            }
        }
        JsonNode ledger = ledger(server);
        assertThat(wrong).as("seed %d: %s, %s", seed, book.ends(), ledger).isEmpty();
        assertThat(book.jobs()).as("seed %d", seed).hasSize(JOBS);
        assertThat(ledger.path("accepted").asLong()).as("seed %d", seed).isEqualTo(JOBS);
        assertThat(ledger.path("deferred").asLong()).as("seed %d", seed).isEqualTo(deferred.size());
        assertThat(ledger.path("expired").asLong()).as("seed %d", seed).isZero();
        // What nobody heard of was settled, or died after a letter of it had been written before.
        assertThat(ledger.path("settled").asLong())
                .as("seed %d: %s", seed, ledger)
                .isBetween(completed, completed + unheard);
        assertThat(ledger.path("deadLettered").asLong())
                .as("seed %d: %s", seed, ledger)
                .isLessThanOrEqualTo(dead.size());
    }

    private static Set<String> deadLetters(CrashingServer server) {
        Set<String> ids = new HashSet<>();
        String path = "/dead-letters?kind=Queue&name=work&max=1000";
        String after = "";
        do {
            JsonNode page = server.get(path + after);
            page.path("letters").forEach(letter -> ids.add(id(letter)));
            after = page.has("next") ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());
        return ids;
    }

    private static String id(JsonNode holder) {
        return holder.path("event").path("id").asString();
    }

    /// Numbers of the deferred jobs, by their ids; there are no others.
    private static Map<String, String> deferred(CrashingServer server) {
        Map<String, String> numbers = new HashMap<>();
        String after = "";
        while (true) {
            JsonNode jobs = server.get(QUEUE + "/jobs?max=1000" + after).path("jobs");
            if (jobs.isEmpty()) {
                return numbers;
            }
            for (JsonNode job : jobs) {
                assertThat(job.path("state").asString()).as("%s", job).isEqualTo("deferred");
                numbers.put(id(job), job.path("number").asString());
                after = "&after=" + job.path("number").asString();
            }
        }
    }

    /// Deferred ones can still be had, each once.
    private void takeDeferred(CrashingServer server) {
        Map<String, String> deferred = deferred(server);
        var wanted = CrashingServer.json().createObjectNode();
        ArrayNode numbers = wanted.putArray("numbers");
        deferred.values().forEach(numbers::add);
        JsonNode taken = CrashingServer.good(server.post(QUEUE + "/deferred?lease=60s", wanted));
        Set<String> ids = new TreeSet<>();
        var document = CrashingServer.json().createObjectNode();
        ArrayNode settlements = document.putArray("settlements");
        for (JsonNode lease : taken.path("leases")) {
            ids.add(id(lease));
            settlements
                    .addObject()
                    .put("token", lease.path("token").asString())
                    .put("action", Decision.COMPLETE);
        }
        assertThat(ids).as("seed %d", seed).isEqualTo(new TreeSet<>(deferred.keySet()));
        JsonNode done = CrashingServer.good(server.post(QUEUE + "/settle", document));
        assertThat(done.path("refused").asInt()).as("seed %d", seed).isZero();
        assertThat(ledger(server).path("pending").asLong()).as("seed %d", seed).isZero();
    }

    /// Every job is still remembered.
    private void refuseDuplicates(CrashingServer server) {
        List<String> all = book.jobs().stream().map(JobBook.Job::id).toList();
        for (int from = 0; from < all.size(); from += 500) {
            List<String> ids = all.subList(from, Math.min(from + 500, all.size()));
            JsonNode answer = CrashingServer.good(server.post(QUEUE, BATCH_TYPE, batch(ids)));
            for (JsonNode job : answer.path("jobs")) {
                assertThat(job.path("duplicate").asBoolean()).as("seed %d", seed).isTrue();
            }
        }
    }

    private static String batch(List<String> ids) {
        ArrayNode events = CrashingServer.json().createArrayNode();
        for (String id : ids) {
            events.addObject()
                    .put("specversion", "1.0")
                    .put("id", id)
                    .put("source", "/crash")
                    .put("type", "work")
                    .put("priority", 4 + Math.floorMod(id.hashCode(), 3))
                    .put("data", "of " + id);
        }
        return events.toString();
    }

    /// Puts jobs in, in batches and by themselves; what was not acknowledged is sent again.
    private final class Publisher implements Runnable {
        private final CrashingServer server;
        private final String name;
        private final Random random;

        Publisher(CrashingServer server, String name, Random random) {
            this.server = server;
            this.name = name;
            this.random = random;
        }

        @Override
        public void run() {
            int share = JOBS / PUBLISHERS;
            for (int next = 0; next < share; ) {
                int size = random.nextBoolean() ? 1 : 1 + random.nextInt(BATCH_MAX);
                List<String> ids = new ArrayList<>();
                while (next < share && ids.size() < size) {
                    ids.add(name + "-" + next++);
                }
                put(ids);
            }
        }

        private void put(List<String> ids) {
            int attempts = 0;
            Answer answer = null;
            while (answer == null) {
                answer = server.post(QUEUE, BATCH_TYPE, batch(ids));
                attempts++;
            }
            assertThat(answer.isGood()).as("%s", answer).isTrue();
            JsonNode jobs = answer.body().path("jobs");
            for (int i = 0; i < ids.size(); i++) {
                if (attempts == 1 && jobs.get(i).path("duplicate").asBoolean()) {
                    throw new AssertionError(ids.get(i) + " is new: " + answer);
                }
                book.stored(ids.get(i), jobs.get(i).path("number").asString());
            }
        }
    }
}
