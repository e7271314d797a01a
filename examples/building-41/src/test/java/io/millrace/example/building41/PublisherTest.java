package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class PublisherTest {
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Backlog backlog = new Backlog(1000);
    private HttpServer server;
    private Publisher publisher;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/events", this::answer);
        server.start();
        publisher =
                new Publisher(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        backlog,
                        new PrintStream(said, true, StandardCharsets.UTF_8),
                        Duration.ofMillis(1));
        thread = Thread.ofVirtual().unstarted(publisher);
    }

    @AfterEach
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        server.stop(0);
    }

    @Test
    void publishesInOrderInBatches() {
        backlog.add(signals(0, 700));
        finish();
        assertThat(taken).containsExactlyElementsOf(ids(0, 700));
        assertThat(publisher.published()).isEqualTo(700);
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void triesAgainWhileTheServerIsBusyAndSaysSoOnce() {
        statuses.addAll(List.of(503, 429, 500));
        backlog.add(signals(0, 3));
        finish();
        assertThat(taken).containsExactlyElementsOf(ids(0, 3));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("does not take events (status 503); keeping them")
                .containsOnlyOnce("the server is back");
    }

    @Test
    void leavesOutWhatIsRefused() {
        statuses.add(400);
        backlog.add(signals(0, 2));
        run();
        await().until(() -> publisher.refused() == 2);
        backlog.add(signals(2, 3));
        finish();
        assertThat(taken).containsExactly("2");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("2 events were refused");
    }

    @Test
    void aFullBacklogDropsTheOldest() throws InterruptedException {
        Backlog small = new Backlog(3);
        small.add(signals(0, 5));
        assertThat(small.dropped()).isEqualTo(2);
        assertThat(small.added()).isEqualTo(5);
        assertThat(small.take(10)).extracting(Signal::id).containsExactly("2", "3", "4");
    }

    private void run() {
        thread.start();
    }

    private void finish() {
        backlog.close();
        if (thread.getState() == Thread.State.NEW) {
            run();
        }
        await().until(() -> !thread.isAlive());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Integer status = statuses.poll();
            if (status == null) {
                for (JsonNode event : new ObjectMapper().readTree(body)) {
                    taken.add(event.get("id").asString());
                }
            }
            exchange.sendResponseHeaders(status == null ? 202 : status, -1);
        }
    }

    private static List<String> ids(int from, int until) {
        return IntStream.range(from, until).mapToObj(Integer::toString).toList();
    }

    private static List<Signal> signals(int from, int until) {
        return ids(from, until).stream()
                .map(id -> new Signal("/room", "type", "subject", Instant.EPOCH, id, "{}"))
                .toList();
    }
}
