package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.delivery.DeliverySpec;
import io.millrace.dispatch.DispatchState;
import io.millrace.dispatch.Dispatcher;
import io.millrace.dispatch.Dispatchers;
import io.millrace.dispatch.FakeSupply;
import io.millrace.dispatch.Ground;
import io.millrace.error.ErrorCode;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.Randomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Dispatchers with real sinks on real threads.
class DispatchTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final AgentThreads threads = new AgentThreads();
    private final ExecutorService shard = Executors.newSingleThreadExecutor();
    private final ConfiguredSinks sinks =
            new ConfiguredSinks(
                    new SinksConfig(
                            List.of("127.0.0.1"),
                            List.of(),
                            1,
                            Duration.ofMinutes(1),
                            "events.example",
                            null),
                    Clock.system());
    private final Dispatchers dispatchers =
            new Dispatchers(sinks, new Ground(Clock.system(), threads, Randomness.system()));
    private final Listening listening = new Listening();

    private static final class Listening implements Dispatcher.Listener {
        final List<Event> answers = new CopyOnWriteArrayList<>();
        final List<String> disabled = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<?> answered(Leased cause, Event answer) {
            answers.add(answer);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void disabled(String reason) {
            disabled.add(reason);
        }
    }

    @AfterEach
    void close() {
        threads.close();
        sinks.close();
        shard.shutdownNow();
    }

    @Test
    void whatASinkTakesIsDoneAndItsAnswerIsPublished() throws Exception {
        String answer =
                "HTTP/1.1 200 OK\r\nce-specversion: 1.0\r\nce-id: a\r\nce-source: /made\r\n"
                        + "ce-type: com.example.made\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.answering(answer)) {
            FakeSupply supply = supply();
            start(supply, "{\"url\":\"http://127.0.0.1:%d/\"}", server.port());
            supply.put(events(20));
            await().atMost(SOON).until(() -> supply.doneCount() == 20);
            assertThat(server.requests()).hasSize(20);
            assertThat(listening.answers).hasSize(20);
            assertThat(listening.answers)
                    .allMatch(event -> event.extensions().containsKey("causationid"));
        }
    }

    @Test
    void aSinkThatHangsTakesNothingFromOneBesideIt() throws Exception {
        RawServer.Script hang =
                (_, _) -> {
                    throw new IOException("closed by the test");
                };
        try (RawServer slow = new RawServer((_, _) -> new CompletableFuture<>().join());
                RawServer broken = new RawServer(hang);
                RawServer fast = RawServer.answering(ok("200 OK"))) {
            FakeSupply stuck = supply();
            Dispatcher hanging =
                    start(
                            stuck,
                            "{\"url\":\"http://127.0.0.1:%d/\",\"concurrency\":100}",
                            slow.port());
            stuck.put(events(300));
            FakeSupply failing = supply();
            start(failing, "{\"url\":\"http://127.0.0.1:%d/\"}", broken.port());
            failing.put(events(300));
            FakeSupply flowing = supply();
            start(flowing, "{\"url\":\"http://127.0.0.1:%d/\"}", fast.port());
            flowing.put(events(2_000));
            await().atMost(SOON).until(() -> flowing.doneCount() == 2_000);
            assertThat(hanging.status().inFlight()).isEqualTo(100);
            assertThat(stuck.doneCount()).isZero();
            // Those that hang are broken off, and nothing of them is lost.
            CompletableFuture<?> closed = hanging.close(Duration.ofMillis(10));
            await().atMost(SOON).until(closed::isDone);
            assertThat(onShard(stuck::leasedCount)).isZero();
            assertThat(onShard(stuck::readyCount)).isEqualTo(300);
        }
    }

    @Test
    void aSinkThatIsGoneDisablesItself() throws Exception {
        try (RawServer server = RawServer.answering(ok("410 Gone"))) {
            FakeSupply supply = supply();
            Dispatcher dispatcher =
                    start(
                            supply,
                            "{\"url\":\"http://127.0.0.1:%d/\",\"concurrency\":1}",
                            server.port());
            supply.put(events(5));
            await().atMost(SOON).until(() -> !listening.disabled.isEmpty());
            assertThat(listening.disabled.getFirst()).contains("410");
            assertThat(dispatcher.status().state()).isEqualTo(DispatchState.DISABLED);
            assertThat(server.requests()).hasSize(1);
            await().atMost(SOON).until(() -> onShard(supply::readyCount) == 5);
        }
    }

    @Test
    void retryAfterHoldsASinkAndTheNextAttemptSucceeds() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        RawServer.Script busyOnce =
                (_, out) ->
                        out.write(
                                (requests.getAndIncrement() == 0
                                                ? "HTTP/1.1 503 Later\r\nRetry-After: 1\r\n"
                                                        + "Content-Length: 0\r\n\r\n"
                                                : ok("200 OK"))
                                        .getBytes(StandardCharsets.ISO_8859_1));
        try (RawServer server = new RawServer(busyOnce)) {
            FakeSupply supply = supply();
            start(supply, "{\"url\":\"http://127.0.0.1:%d/\",\"concurrency\":1}", server.port());
            supply.put(events(3));
            await().atMost(SOON).until(() -> supply.doneCount() == 2);
            supply.redeliver();
            await().atMost(SOON).until(() -> supply.doneCount() == 3);
            assertThat(onShard(() -> supply.again(0).getFirst().failed())).isTrue();
            assertThat(requests).hasValue(4);
        }
    }

    @Test
    void aBatchWithOneBadEventLosesOnlyThat() throws Exception {
        RawServer.Script picky =
                (request, out) ->
                        out.write(
                                ok(request.body().contains("\"id\":\"3\"") ? "400 No" : "200 OK")
                                        .getBytes(StandardCharsets.ISO_8859_1));
        try (RawServer server = new RawServer(picky)) {
            FakeSupply supply = supply();
            start(
                    supply,
                    "{\"url\":\"http://127.0.0.1:%d/\",\"mode\":\"batch\",\"batch\":{\"events\":8}}",
                    server.port());
            supply.put(events(8));
            await().atMost(SOON).until(() -> supply.doneCount() == 7);
            await().atMost(SOON).until(() -> onShard(() -> supply.buried().size()) == 1);
            assertThat(onShard(() -> supply.buried().keySet())).containsExactly(2L);
        }
    }

    @Test
    void permissionIsAskedForBeforeTheFirstDelivery() throws Exception {
        RawServer.Script granting =
                (request, out) ->
                        out.write(
                                (request.line().startsWith("OPTIONS")
                                                ? "HTTP/1.1 200 OK\r\nWebHook-Allowed-Origin: *\r\n"
                                                        + "WebHook-Allowed-Rate: *\r\n"
                                                        + "Content-Length: 0\r\n\r\n"
                                                : ok("200 OK"))
                                        .getBytes(StandardCharsets.ISO_8859_1));
        try (RawServer server = new RawServer(granting)) {
            FakeSupply supply = supply();
            start(supply, "{\"url\":\"http://127.0.0.1:%d/\",\"handshake\":true}", server.port());
            supply.put(events(3));
            await().atMost(SOON).until(() -> supply.doneCount() == 3);
            assertThat(server.requests().getFirst().line()).startsWith("OPTIONS");
            assertThat(server.requests()).hasSize(4);
        }
        try (RawServer server = RawServer.answering(ok("200 OK"))) {
            FakeSupply supply = supply();
            start(supply, "{\"url\":\"http://127.0.0.1:%d/\",\"handshake\":true}", server.port());
            supply.put(events(3));
            await().atMost(SOON).until(() -> !listening.disabled.isEmpty());
            assertThat(server.requests()).hasSize(1);
        }
    }

    private static String ok(String status) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
    }

    private FakeSupply supply() {
        return new FakeSupply(shard, Clock.system(), 0);
    }

    private <T> T onShard(java.util.concurrent.Callable<T> question) throws Exception {
        return shard.submit(question).get();
    }

    private Dispatcher start(FakeSupply supply, String json, int port) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ObjectNode tree = (ObjectNode) new JsonMapper().readTree(json.formatted(port));
        DeliverySpec spec = DeliverySpec.read(new Fields(tree, DeliverySpec.PATH, problems));
        assertThat(problems.problems()).isEmpty();
        Dispatcher dispatcher =
                dispatchers.toSink("Subscription/s", Objects.requireNonNull(spec), null, listening);
        supply.feeds(dispatcher);
        dispatcher.resume();
        return dispatcher;
    }

    private static Event[] events(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(id ->
                        Event.builder()
                                .id(Integer.toString(id))
                                .source("/room/4")
                                .type("com.example.fire")
                                .build())
                .toArray(Event[]::new);
    }
}
