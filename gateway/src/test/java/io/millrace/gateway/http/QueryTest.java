package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.FakeQueryEngine;
import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.RowReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.query.RunEndpoint;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.QueryInput;
import io.millrace.resource.StartPoint;
import io.millrace.security.OpenGuard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Queries through the gateway to a real broker, whose engine is a fake.
final class QueryTest {
    private static final String QUERY =
            "{\"sql\":\"SELECT 1\",\"inputs\":{\"t\":{\"pattern\":\"/org/**\"}},"
                    + "\"output\":{\"context\":\"/out\"}}";
    private static final String PLAN =
            """
            {"nodes":[{"id":"n1","name":"Source: t","detail":"all","parallelism":1,"inRate":2.0,\
            "outRate":2.0,"busy":0.25,"backpressured":0.0}],\
            "edges":[{"from":"n1","to":"n2","rate":2.0,"ship":"HASH"}]}\
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FakeQueryEngine engine = new FakeQueryEngine();
    private final CountDownLatch forever = new CountDownLatch(1);
    private Broker broker;
    private HttpGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Clock clock = Clock.system();
        Broker.Ground ground =
                new Broker.Ground(new FileDisk(), clock, new AgentThreads(), null, _ -> engine);
        broker = new Broker(folder, BrokerConfig.forProcessors(2), new OpenGuard(), ground);
        gateway = gateway(clock, Duration.ofSeconds(15));
    }

    private HttpGateway gateway(Clock clock, Duration heartbeat) throws Exception {
        HttpConfig config = HttpConfig.DEFAULT.withPort(0);
        HttpGateway started = new HttpGateway(config, BrokerDoor.of(broker), clock, heartbeat);
        started.start();
        return started;
    }

    @AfterEach
    void stop() {
        forever.countDown();
        gateway.close();
        broker.close();
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String get(String path) throws Exception {
        return send(request(path)).body();
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        return send(
                request(path)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    private String summary(String path, String json) throws Exception {
        return GatewayTest.summary(post(path, json));
    }

    private void create() throws Exception {
        var created = send(request("/api/v1/queries/q").PUT(BodyPublishers.ofString(QUERY)));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    }

    @Test
    void aQueryIsAResource() throws Exception {
        create();
        assertThat(get("/api/v1/queries/q"))
                .contains("\"kind\":\"Query\"", "\"sql\":\"SELECT 1\"", "\"start\":\"latest\"");
        String apply = "{\"kind\":\"Query\",\"name\":\"r\",\"sql\":\"SELEC 1\"}";
        HttpResponse<String> wrong = post("/api/v1/apply", apply);
        assertThat(GatewayTest.summary(wrong)).isEqualTo("422 invalid-resource output");
        HttpResponse<String> sql =
                post("/api/v1/apply", apply.replace("}", ",\"output\":{\"context\":\"/out\"}}"));
        assertThat(GatewayTest.summary(sql)).isEqualTo("422 invalid-resource sql");
        assertThat(sql.body()).contains("line 1, column 1: there is no statement SELEC");
        var deleted = send(request("/api/v1/queries/q").DELETE());
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(GatewayTest.summary(send(request("/api/v1/queries/q"))))
                .isEqualTo("404 query-not-found");
    }

    @Test
    void statusTellsAll() throws Exception {
        create();
        String brief =
                """
                {"name":"q","state":"running","since":"2026-03-01T12:00:00Z","progress":null,"error":null,\
                "restarts":3,"counts":{"input":1200,"counted":1190,"corrected":4,"late":5,"invalid":1,"output":40},\
                "rates":{"input":100.0,"output":2.5},"lag":{"events":17,"watermarkMillis":1200},\
                "watermark":"2026-03-01T12:00:00Z","stateBytes":10240,\
                "checkpoint":{"last":"2026-03-01T12:00:00Z","durationMillis":12,"bytes":2048,\
                "completed":10,"failed":1},\
                "warnings":["the state grows for ever"]\
                """;
        assertThat(get("/api/v1/queries/q/status"))
                .isEqualTo(brief + ",\"sql\":\"SELECT 1\",\"plan\":" + PLAN + "}");
        assertThat(get("/api/v1/query/status")).isEqualTo("{\"items\":[" + brief + "}]}");
        Objects.requireNonNull(engine.queries.get("q")).fail("no such column", 2, 7);
        assertThat(get("/api/v1/queries/q/status"))
                .contains(
                        "\"state\":\"failed\"",
                        "\"error\":{\"message\":\"no such column\",\"line\":2,\"column\":7,"
                                + "\"at\":\"2026-03-01T12:00:00Z\",\"restarts\":3}");
        assertThat(GatewayTest.summary(send(request("/api/v1/queries/other/status"))))
                .isEqualTo("404 query-not-found");
    }

    @Test
    void pausedResumedAndSecured() throws Exception {
        create();
        engine.calls.clear();
        assertThat(summary("/queries/q/pause", "")).isEqualTo("204");
        assertThat(get("/api/v1/queries/q/status")).contains("\"state\":\"paused\"");
        assertThat(summary("/queries/q/resume", "")).isEqualTo("204");
        assertThat(post("/queries/q/savepoint", "").body())
                .isEqualTo("{\"savepoint\":\"savepoints/1\"}");
        assertThat(engine.calls).containsExactly("pause q", "resume q", "savepoint q");
        assertThat(summary("/queries/other/pause", "")).isEqualTo("404 query-not-found");
        engine.failWith(new MillraceException(ErrorCode.QUERY_FAILED, "the disk is full"));
        assertThat(summary("/queries/q/savepoint", "")).isEqualTo("422 query-failed");
    }

    @Test
    void metricsUnderStandardNames() throws Exception {
        assertThat(get("/metrics")).doesNotContain("millrace_query_");
        create();
        assertThat(get("/metrics"))
                .contains(
                        "# TYPE millrace_query_events_total counter\n",
                        "millrace_query_events_total{query=\"q\",outcome=\"counted\"} 1190\n",
                        "millrace_query_events_total{query=\"q\",outcome=\"corrected\"} 4\n",
                        "millrace_query_events_total{query=\"q\",outcome=\"late\"} 5\n",
                        "millrace_query_events_total{query=\"q\",outcome=\"invalid\"} 1\n",
                        "millrace_query_output_total{query=\"q\"} 40.0\n",
                        "millrace_query_restarts_total{query=\"q\"} 3.0\n",
                        "millrace_query_lag_events{query=\"q\"} 17.0\n",
                        "millrace_query_watermark_delay_seconds{query=\"q\"} 1.2\n",
                        "millrace_query_state_bytes{query=\"q\"} 10240.0\n",
                        "millrace_query_checkpoint_seconds{query=\"q\"} 0.012\n",
                        "millrace_query_checkpoints_total{query=\"q\",outcome=\"failed\"} 1\n",
                        "millrace_query_state{query=\"q\",state=\"running\"} 1\n",
                        "millrace_query_state{query=\"q\",state=\"failed\"} 0\n",
                        "millrace_queries_adhoc 0.0\n",
                        "millrace_http_requests_total{route=\"queries\",status=\"201\"} 1.0\n");
    }

    @Test
    void explained() throws Exception {
        String expected =
                """
                {"columns":[{"name":"floor","type":"STRING"},{"name":"average","type":"DOUBLE"}],\
                "changes":"upsert","key":["floor"],"warnings":["the state grows for ever"],\
                "plan":%s,"text":"Source: t\\n  Sink","state":"%s",\
                "sample":[{"floor":"3","average":20.5}]}\
                """;
        String path = "/api/v1/query/explain";
        assertThat(post(path, "{\"sql\":\"SELECT 1\"}").body())
                .isEqualTo(expected.formatted(PLAN, "new"));
        create();
        engine.changesWith(QueryExplanation.State.LOST);
        String named = QUERY.replace("{\"sql\"", "{\"kind\":\"Query\",\"name\":\"q\",\"sql\"");
        assertThat(post(path, named).body()).isEqualTo(expected.formatted(PLAN, "lost"));
        assertThat(summary(path, "{\"sql\":\"SELEC 1\"}")).isEqualTo("422 invalid-query sql");
        assertThat(summary(path, "{\"sqll\":\"\",\"inputs\":{\"t\":{}}}"))
                .isEqualTo("400 invalid-request inputs.t.pattern sql sqll");
        assertThat(summary(path, "[]")).isEqualTo("400 invalid-request");
        assertThat(summary(path, "x")).isEqualTo("400 invalid-request");
    }

    @Test
    void schemasAreLearned() throws Exception {
        String path = "/api/v1/schema/infer";
        assertThat(post(path, "{\"pattern\":\"/org/**\",\"samples\":20}").body())
                .isEqualTo(
                        "{\"schema\":{\"celsius\":\"DOUBLE\"},\"samples\":20,\"optional\":[\"celsius\"]}");
        assertThat(post(path, "{\"stream\":\"events\",\"types\":[\"a\"]}").body())
                .contains("\"samples\":1000");
        assertThat(engine.calls).contains("infer /org/** 20", "infer /** 1000");
        assertThat(summary(path, "{\"samples\":0}"))
                .isEqualTo("400 invalid-request samples pattern");
    }

    private static ObjectNode row(int n) {
        return JsonNodeFactory.instance.objectNode().put("n", n);
    }

    private static void threeRows(AdHocQuery query, RowReader reader) throws InterruptedException {
        reader.progress("starting the query engine");
        reader.columns(List.of(new QueryColumn("n", "INT")));
        reader.row("+I", row(1));
        reader.row("-U", row(1));
        reader.row("+U", row(2));
    }

    @Test
    void rowsComeAsLines() throws Exception {
        engine.runs(QueryTest::threeRows);
        HttpResponse<String> answer = post("/api/v1/query/run", "{\"sql\":\"SELECT 1\"}");
        assertThat(answer.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"progress":"starting the query engine"}
                        {"columns":[{"name":"n","type":"INT"}]}
                        {"op":"+I","row":{"n":1}}
                        {"op":"-U","row":{"n":1}}
                        {"op":"+U","row":{"n":2}}
                        {"end":true}
                        """);
        AdHocQuery run = engine.run.getFirst();
        assertThat(run.start()).isEqualTo(new StartPoint.Earliest());
        assertThat(run.untilRecorded()).isNull();
        assertThat(run.rowsMax()).isEqualTo(Long.MAX_VALUE);
        assertThat(run.eventTime().lateContext()).isNull();
    }

    @Test
    void whatIsRunIsSaid() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        var _ =
                post(
                        "/api/v1/query/run",
                        """
                        {"sql":"SELECT 1","inputs":{"t":{"pattern":"/a/*"}},"start":"latest","until":"now",
                         "max":5,"parallelism":2,"eventTime":{"delay":"3s"}}
                        """);
        AdHocQuery run = engine.run.getFirst();
        assertThat(run.inputs()).containsEntry("t", QueryInput.of(ContextPattern.of("/a/*")));
        assertThat(run.start()).isEqualTo(new StartPoint.Latest());
        assertThat(run.untilRecorded()).isBetween(before, Instant.now());
        assertThat(run.rowsMax()).isEqualTo(5);
        assertThat(run.parallelism()).isEqualTo(2);
        assertThat(run.eventTime().delay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(
                        summary(
                                "/api/v1/query/run",
                                "{\"start\":\"x\",\"until\":\"y\",\"max\":0,\"eventTime\":{\"delai\":1}}"))
                .isEqualTo("400 invalid-request sql start until max eventTime.delai");
    }

    @Test
    void failuresBeforeAndAfterTheFirstLine() throws Exception {
        MillraceException problem =
                new MillraceException(ErrorCode.QUERY_INVALID, "sql", "line 1, column 8: no t");
        engine.runs((_, _) -> {
            throw problem;
        });
        assertThat(summary("/api/v1/query/run", "{\"sql\":\"S\"}"))
                .isEqualTo("422 invalid-query sql");
        engine.runs((_, reader) -> {
            reader.progress("planning");
            throw problem;
        });
        assertThat(post("/api/v1/query/run", "{\"sql\":\"S\"}").body())
                .startsWith(
                        "{\"progress\":\"planning\"}\n{\"error\":{\"type\":\"https://millrace.dev/pr")
                .contains("\"field\":\"sql\",\"detail\":\"line 1, column 8: no t\"}]}}\n");
        engine.runs((_, reader) -> {
            reader.progress("planning");
            throw new IllegalStateException("a fault");
        });
        assertThat(post("/api/v1/query/run", "{\"sql\":\"S\"}").body())
                .contains("problems/internal")
                .doesNotContain("a fault");
    }

    /// Opens a run and leaves it to the caller to read and close it.
    private HttpResponse<InputStream> open() throws IOException, InterruptedException {
        return http.send(
                request("/api/v1/query/run")
                        .POST(BodyPublishers.ofString("{\"sql\":\"S\"}"))
                        .build(),
                BodyHandlers.ofInputStream());
    }

    @Test
    void aRunEndsWhenTheClientGoes() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        engine.runs((_, reader) -> {
            reader.row("+I", row(1));
            try {
                forever.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        try (InputStream body = open().body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("{\"op\":\"+I\",\"row\":{\"n\":1}}");
            assertThat(get("/metrics")).contains("millrace_queries_adhoc 1.0\n");
        }
        interrupted.await();
        await().untilAsserted(
                        () -> assertThat(get("/metrics")).contains("millrace_queries_adhoc 0.0\n"));
    }

    @Test
    void silenceIsFilledWithEmptyLines() throws Exception {
        gateway.close();
        gateway = gateway(Clock.system(), Duration.ofMillis(20));
        engine.runs((_, _) -> forever.await());
        try (InputStream body = open().body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEmpty();
            forever.countDown();
            await().until(() -> "{\"end\":true}".equals(lines.readLine()));
        }
    }

    @Test
    void aServerThatStopsSaysSo() throws Exception {
        engine.runs((_, reader) -> {
            reader.progress("running");
            forever.await();
        });
        try (InputStream body = open().body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("{\"progress\":\"running\"}");
            Thread closing = Thread.startVirtualThread(gateway::close);
            assertThat(lines.readLine()).contains("problems/shutting-down");
            closing.join();
        }
    }

    @Test
    void noMoreAtATimeThanThereArePlaces() throws Exception {
        CountDownLatch running = new CountDownLatch(RunEndpoint.PLACES);
        engine.runs((_, _) -> {
            running.countDown();
            forever.await();
        });
        String body = "{\"sql\":\"S\"}";
        HttpRequest run = request("/api/v1/query/run").POST(BodyPublishers.ofString(body)).build();
        var answers =
                java.util.stream.IntStream.range(0, RunEndpoint.PLACES)
                        .mapToObj(_ -> http.sendAsync(run, BodyHandlers.ofString()))
                        .toList();
        running.await();
        assertThat(summary("/api/v1/query/run", body)).isEqualTo("429 overloaded");
        forever.countDown();
        for (var answer : answers) {
            assertThat(answer.get().body()).isEqualTo("{\"end\":true}\n");
        }
    }
}
