package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.system.CrashingServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs that wait for their time, and jobs that wait after a release, in a server that is killed
/// meanwhile: none comes early, and each comes.
@Tag("slow")
@Timeout(180)
final class ScheduledCrashTest {
    private static final int JOBS = 60;
    private static final int CANCELLED = 10;
    private static final int BEHIND_START_MILLIS = 4_000;
    private static final String QUEUE = "/queues/later";
    private static final String BATCH_TYPE = "application/cloudevents-batch+json";

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Instant> due = new HashMap<>();
    private final Set<String> released = new HashSet<>();
    private final Set<String> completed = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    /// So long that a server is up again before all are due.
    private int waitMaxMillis;

    @TempDir Path data;

    @Test
    void nothingComesEarlyAndNothingIsLost() throws Exception {
        Instant begin = Instant.now();
        try (CrashingServer server = new CrashingServer(data)) {
            long start = Duration.between(begin, Instant.now()).toMillis();
            waitMaxMillis = (int) (2 * start) + BEHIND_START_MILLIS;
            CrashingServer.good(server.put("/api/v1/queues/later", "{\"lease\":\"1m\"}"));
            Set<String> cancelled = put(server);
            schedule(server);
            server.crash();
            Set<Integer> kills = Set.of(JOBS / 4, JOBS / 2, JOBS);
            int taken = 0;
            while (completed.size() <= JOBS && wrong.isEmpty()) {
                JsonNode leases = receive(server);
                Instant now = Instant.now();
                if (leases.isEmpty()) {
                    wrong.add("no more come, but only %s".formatted(completed));
                }
                for (JsonNode lease : leases) {
                    settle(server, lease, now);
                    if (kills.contains(++taken)) {
                        server.crash();
                    }
                }
            }
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(completed).as("seed %d", seed).isEqualTo(due.keySet());
            assertThat(completed).as("seed %d", seed).doesNotContainAnyElementsOf(cancelled);
            JsonNode ledger = server.get("/api/v1/queues/later/status").path("ledger");
            assertThat(ledger.path("pending").asInt()).as("seed %d: %s", seed, ledger).isZero();
            assertThat(ledger.path("settled").asInt())
                    .as("seed %d: %s", seed, ledger)
                    .isEqualTo(JOBS + CANCELLED + 1);
        }
    }

    /// Puts jobs in, some of which are taken back at once.
    private Set<String> put(CrashingServer server) {
        ArrayNode jobs = CrashingServer.json().createArrayNode();
        Instant now = Instant.now();
        for (int i = 0; i < JOBS + CANCELLED; i++) {
            // With parts of milliseconds; those that are taken back have time enough for that.
            Instant time =
                    i < JOBS
                            ? now.plusNanos(random.nextLong(waitMaxMillis * 1_000_000L))
                            : now.plusMillis(waitMaxMillis - random.nextInt(1_000));
            due.put("j" + i, time);
            jobs.addObject()
                    .put("specversion", "1.0")
                    .put("id", "j" + i)
                    .put("source", "/crash")
                    .put("type", "later")
                    .put("scheduledtime", time.toString());
        }
        JsonNode answers =
                CrashingServer.good(server.post(QUEUE, BATCH_TYPE, jobs.toString())).path("jobs");
        Set<String> cancelled = new HashSet<>();
        for (int i = JOBS; i < JOBS + CANCELLED; i++) {
            String number = answers.get(i).path("number").asString();
            CrashingServer.good(server.delete(QUEUE + "/jobs/" + number));
            cancelled.add("j" + i);
            due.remove("j" + i);
        }
        return cancelled;
    }

    /// One more job comes from a schedule.
    private void schedule(CrashingServer server) {
        Instant time = Instant.now().plusMillis(waitMaxMillis - random.nextInt(2_000));
        due.put("schedule", time);
        CrashingServer.good(
                server.put(
                        "/api/v1/schedules/once",
                        """
                        {"at":"%s","target":{"queue":"later"},"job":{"type":"planned"}}
                        """
                                .formatted(time)));
    }

    private static JsonNode receive(CrashingServer server) {
        return CrashingServer.good(server.post(QUEUE + "/receive?wait=20s&max=5", null, ""))
                .path("leases");
    }

    /// Completes it, or releases it for a while.
    private void settle(CrashingServer server, JsonNode lease, Instant now) {
        JsonNode job = lease.path("event");
        boolean isPlanned = job.path("type").asString().equals("planned");
        String id = isPlanned ? "schedule" : job.path("id").asString();
        Instant time = due.get(id);
        if (time == null || now.isBefore(time) || completed.contains(id)) {
            wrong.add("%s came at %s, due %s: %s".formatted(id, now, time, lease));
            return;
        }
        ObjectNode document = CrashingServer.json().createObjectNode();
        ObjectNode settlement =
                document.putArray("settlements")
                        .addObject()
                        .put("token", lease.path("token").asString());
        if (random.nextInt(3) == 0 && released.add(id)) {
            int delay = random.nextInt(waitMaxMillis);
            settlement.put("action", Decision.RELEASE).put("delay", delay + "ms");
            due.put(id, Instant.now().plusMillis(delay));
        } else {
            settlement.put("action", Decision.COMPLETE);
            completed.add(id);
        }
        Answer answer = server.post(QUEUE + "/settle", document);
        if (CrashingServer.good(answer).path("refused").asInt() != 0) {
            wrong.add(id + ": " + answer);
        }
    }
}
