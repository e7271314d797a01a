package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.system.CrashingServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What consumers do wrong, at the real server: it says so, and nothing is changed by it.
@Tag("slow")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsumerInputTest {
    private static final int POLLS = 500;
    private static final int GONE = 5;
    private static final String BATCH_TYPE = "application/cloudevents-batch+json";

    private @Nullable CrashingServer running;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        running = new CrashingServer(data);
    }

    @AfterAll
    void stop() {
        server().close();
    }

    private CrashingServer server() {
        CrashingServer server = running;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    /// @return its path
    private String queue(String name) {
        CrashingServer.good(server().put("/api/v1/queues/" + name, "{}"));
        return "/queues/" + name;
    }

    /// @return its path
    private String subscription(String name, String context) {
        String document = "{\"pattern\":\"%s/**\"}".formatted(context);
        CrashingServer.good(server().put("/api/v1/subscriptions/" + name, document));
        return "/subscriptions/" + name;
    }

    private static String events(String prefix, int count) {
        ArrayNode events = CrashingServer.json().createArrayNode();
        for (int i = 0; i < count; i++) {
            events.addObject()
                    .put("specversion", "1.0")
                    .put("id", prefix + i)
                    .put("source", "/in")
                    .put("type", "t");
        }
        return events.toString();
    }

    private void put(String path, String prefix, int count) {
        CrashingServer.good(server().post(path, BATCH_TYPE, events(prefix, count)));
    }

    private JsonNode receive(String path, String parameters) {
        return CrashingServer.good(server().post(path + "/receive?" + parameters, null, ""))
                .path("leases");
    }

    private String token(String path, String parameters) {
        JsonNode leases = receive(path, parameters);
        assertThat(leases.size()).as(path).isEqualTo(1);
        return leases.get(0).path("token").asString();
    }

    private static ObjectNode completions(List<String> tokens) {
        ObjectNode document = CrashingServer.json().createObjectNode();
        ArrayNode settlements = document.putArray("settlements");
        tokens.forEach(
                token -> settlements.addObject().put("token", token).put("action", "complete"));
        return document;
    }

    private List<String> complete(String path, List<String> tokens) {
        JsonNode answer = CrashingServer.good(server().post(path + "/settle", completions(tokens)));
        List<String> outcomes = new ArrayList<>();
        answer.path("results").forEach(result -> outcomes.add(result.path("outcome").asString()));
        return outcomes;
    }

    private JsonNode ledger(String path) {
        return server().get("/api/v1" + path + "/status").path("ledger");
    }

    @Test
    void staleForeignAndMalformedTokensAreRefused() {
        String one = queue("stale");
        String other = queue("foreign");
        put(one, "a", 1);
        put(other, "a", 1);
        String stale = token(one, "lease=20ms");
        String held = token(one, "wait=10s");
        String foreign = token(other, "");
        assertThat(complete(one, List.of(stale, foreign, "", "x", "1-2-3-4", "-----")))
                .containsExactly(
                        "given-to-another", "unknown", "unknown", "unknown", "unknown", "unknown");
        assertThat(complete(one, List.of(held, held))).containsExactly("done", "settled-before");
        assertThat(complete(one, List.of(held))).containsExactly("settled-before");
        assertThat(complete(one, List.of("z".repeat(100_000)))).containsExactly("unknown");
        assertThat(ledger(one).path("settled").asInt()).isEqualTo(1);
        assertThat(ledger(other).path("leased").asInt()).isEqualTo(1);
        assertThat(complete(other, List.of(foreign))).containsExactly("done");
    }

    @Test
    void theTokenOfAnotherSubscriptionToTheSameEventIsRefused() {
        String one = subscription("one", "/foreign");
        String other = subscription("other", "/foreign");
        put("/events/foreign", "a", 1);
        String mine = token(one, "wait=10s");
        String foreign = token(other, "wait=10s");
        assertThat(complete(one, List.of(foreign))).containsExactly("unknown");
        assertThat(complete(other, List.of(mine))).containsExactly("unknown");
        assertThat(ledger(one).path("leased").asInt()).isEqualTo(1);
        assertThat(complete(one, List.of(mine))).containsExactly("done");
    }

    @Test
    void manySettlementsAreTakenAndTooManyAreNot() {
        String one = queue("many");
        put(one, "a", 10_000);
        List<String> tokens = new ArrayList<>();
        while (tokens.size() < 10_000) {
            receive(one, "max=10000&wait=10s")
                    .forEach(lease -> tokens.add(lease.path("token").asString()));
        }
        List<String> tooMany = new ArrayList<>(tokens);
        tooMany.add("x");
        Answer refused = server().post(one + "/settle", completions(tooMany));
        assertThat(refused).isNotNull().extracting(Answer::status).isEqualTo(413);
        assertThat(ledger(one).path("settled").asInt()).isZero();
        assertThat(complete(one, tokens)).hasSize(10_000).containsOnly("done");
        assertThat(ledger(one).path("pending").asInt()).isZero();
    }

    @Test
    void giantDocumentsAreRefused() {
        String one = queue("giant");
        String giant = "{\"settlements\":[" + " ".repeat(9 << 20) + "]}";
        String deep = "[".repeat(500_000);
        put(one, "a", 1);
        Answer tooLarge = server().post(one + "/settle", "application/json", giant);
        assertThat(tooLarge == null ? 413 : tooLarge.status()).isEqualTo(413);
        Answer tooDeep = server().post(one + "/settle", "application/json", deep);
        assertThat(tooDeep).isNotNull().extracting(Answer::status).isEqualTo(400);
        assertThat(complete(one, List.of(token(one, "")))).containsOnly("done");
    }

    /// Consumers that ask and go leave nothing behind.
    @Test
    void aClientThatGoesWhileItWaitsGetsNothing() throws Exception {
        String one = queue("gone");
        URI address = server().address();
        for (int i = 0; i < GONE; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(
                        """
                        POST /queues/gone/receive?wait=60s HTTP/1.1\r
                        Host: localhost\r
                        Content-Length: 0\r
                        \r
                        """
                                .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                await().until(() -> waiting(one) == 1);
            }
            // As soon as the server has noticed, or has given the job to nobody.
            put(one, "a" + i + "-", 1);
            JsonNode leases = receive(one, "wait=10s");
            assertThat(leases.size()).isEqualTo(1);
            assertThat(complete(one, List.of(leases.get(0).path("token").asString())))
                    .containsOnly("done");
            await().until(() -> waiting(one) == 0);
        }
        assertThat(ledger(one).path("pending").asInt()).isZero();
    }

    private int waiting(String path) {
        return server().get("/api/v1" + path + "/status").path("waiting").asInt();
    }

    @Test
    void manyWaitAndEachGetsOne() {
        String one = queue("polls");
        String subscription = subscription("polls", "/polls");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<JsonNode>> polls = new ArrayList<>();
            for (int i = 0; i < POLLS; i++) {
                polls.add(CompletableFuture.supplyAsync(() -> receive(one, "wait=60s"), threads));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> waiting(one) == POLLS);
            for (int i = 0; i < POLLS / 10; i++) {
                put(one, "a" + i + "-", 10);
                put("/events/polls", "e" + i + "-", 10);
            }
            Set<String> ids = new TreeSet<>();
            List<String> tokens = new ArrayList<>();
            for (CompletableFuture<JsonNode> poll : polls) {
                for (JsonNode lease : poll.join()) {
                    ids.add(lease.path("event").path("id").asString());
                    tokens.add(lease.path("token").asString());
                }
            }
            assertThat(ids).hasSize(POLLS);
            assertThat(complete(one, tokens)).hasSize(POLLS).containsOnly("done");
        }
        JsonNode ledger = ledger(subscription);
        assertThat(ledger.path("unread").asInt()).as("%s", ledger).isEqualTo(POLLS);
    }
}
