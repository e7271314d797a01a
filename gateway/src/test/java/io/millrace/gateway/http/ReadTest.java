package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Reading history, and everything else that is asked with GET.
final class ReadTest extends GatewayTest {
    private static final String FIRST =
            "{\"context\":\"/a\",\"stream\":\"events\",\"partition\":0,\"offset\":0,"
                    + "\"recorded\":\"2026-03-01T12:00:00.123Z\",\"event\":{\"specversion\":\"1.0\",\"id\":\"1\","
                    + "\"source\":\"/sensors/7\",\"type\":\"reading\",\"datacontenttype\":\"application/json\","
                    + "\"data\":20.5}}";

    @Test
    void linesArraysAndBatches() throws Exception {
        publish("/events/a", "1", "20.5");
        publish("/events/b", "2", "{\n}");
        HttpResponse<String> lines = get("/streams/events/events");
        assertThat(lines.statusCode()).isEqualTo(200);
        assertThat(lines.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(lines.headers().firstValue("millrace-position")).contains("events:2");
        assertThat(lines.headers().firstValue("millrace-end")).contains("true");
        assertThat(lines.headers().firstValue("link"))
                .contains("</streams/events/events?from=events%3A2>; rel=\"next\"");
        assertThat(lines.body().lines()).hasSize(2).startsWith(FIRST);
        assertThat(lines.body().lines().toList().get(1)).contains("\"data_base64\"");

        HttpResponse<String> array =
                send(request("/streams/events/events?max=1").header("accept", "application/json"));
        assertThat(array.body()).isEqualTo("[" + FIRST + "]");
        assertThat(array.headers().firstValue("millrace-end")).isEmpty();

        HttpResponse<String> batch =
                send(
                        request("/streams/events/events?pattern=/b")
                                .header(
                                        "accept",
                                        "application/json;q=0.5, application/cloudevents-batch+json"));
        assertThat(batch.body())
                .startsWith("[{\"specversion\":\"1.0\",\"id\":\"2\"")
                .endsWith("}]");
        HttpResponse<String> none =
                send(request("/streams/events/events").header("accept", "text/html"));
        assertThat(none.statusCode()).isEqualTo(406);
    }

    @Test
    void largeAnswersArriveWhole() throws Exception {
        String data = "\"" + "x".repeat(100_000) + "\"";
        for (int i = 0; i < 50; i++) {
            publish("/events/a", "" + i, data);
        }
        HttpResponse<String> lines = get("/streams/events/events");
        assertThat(lines.body().lines()).hasSize(50).allMatch(line -> line.contains(data));
    }

    @Test
    void waitsForWhatComes() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                http.sendAsync(
                        request("/streams/events/events?from=next&wait=20s").build(),
                        HttpResponse.BodyHandlers.ofString());
        org.awaitility.Awaitility.await().until(() -> gateway.readers() == 1);
        publish("/events/a", "1", "20.5");
        assertThat(waiting.get().body()).isEqualTo(FIRST + "\n");
    }

    @Test
    void wrongParametersAreNamed() throws Exception {
        assertThat(get("/streams/events/events?frm=1").body())
                .contains("\"field\":\"frm\"")
                .contains("partition, from, max, wait, pattern");
        assertThat(get("/streams/events/events?max=0").body()).contains("\"field\":\"max\"");
        assertThat(get("/streams/events/events?wait=61s").body()).contains("\"field\":\"wait\"");
        assertThat(get("/streams/events/events?from=7").body()).contains("\"field\":\"from\"");
        assertThat(get("/streams/events/events?pattern=a").body()).contains("invalid-pattern");
        assertThat(get("/streams/none/events").statusCode()).isEqualTo(404);
    }

    @Test
    void pathsAndMethodsThatAreNot() throws Exception {
        HttpResponse<String> nowhere = get("/event");
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(nowhere.body()).contains("/events/{context}");
        HttpResponse<String> method =
                send(request("/streams/events/events").PUT(BodyPublishers.ofString("x")));
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
        assertThat(get("/events/a").headers().firstValue("allow")).contains("POST, OPTIONS");
        HttpResponse<String> options =
                send(request("/events/a").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("allow")).contains("POST, OPTIONS");
    }

    @Test
    void headHasNoBody() throws Exception {
        publish("/events/a", "1", "20.5");
        HttpResponse<String> head =
                send(request("/streams/events/events").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length"))
                .contains(Integer.toString(FIRST.length() + 1));
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void contextsStatusAndServer() throws Exception {
        publish("/events/a", "1", "20.5");
        assertThat(get("/api/v1/contexts?under=/").body())
                .contains(
                        "\"contexts\":1,\"published\":1,\"parents\":[{\"context\":\"/\",\"total\":1,\"more\":false,")
                .contains(
                        "\"children\":[{\"name\":\"a\",\"context\":\"/a\",\"children\":0,"
                                + "\"contexts\":1,\"published\":1,")
                .contains(
                        "\"latest\":{\"recorded\":\"2026-03-01T12:00:00.123Z\",\"type\":\"reading\",\"id\":\"1\"")
                .contains("\"offset\":0,\"preview\":\"20.5\"}");
        assertThat(get("/api/v1/contexts/latest?context=/a").body()).isEqualTo(FIRST);
        assertThat(get("/api/v1/contexts/latest?context=/b").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/streams/events/status").body())
                .isEqualTo(
                        "{\"name\":\"events\",\"mount\":\"/\",\"durability\":\"synced\",\"events\":1,\"bytes\":100,"
                                + "\"partitions\":[{\"partition\":0,\"start\":0,\"end\":1,"
                                + "\"bytes\":100,\"published\":1,"
                                + "\"lastRecorded\":\"2026-03-01T12:00:00.123Z\",\"state\":\"open\"}]}");
        assertThat(get("/api/v1/status").body()).contains("\"streams\":[{\"name\":\"events\"");
        assertThat(get("/api/v1/server").body())
                .contains("\"name\":\"millrace\"")
                .contains("\"limits\":{\"eventBytes\":1048576,");
    }

    @Test
    void healthTellsOfFailedPartitions() throws Exception {
        assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"ready\",\"problems\":[]}");
        broker.failWith(
                new io.millrace.error.MillraceException(
                        io.millrace.error.ErrorCode.PARTITION_FAILED, "broken"));
        HttpResponse<String> degraded = get("/health/ready");
        assertThat(degraded.statusCode()).isEqualTo(200);
        assertThat(degraded.body())
                .isEqualTo("{\"status\":\"degraded\",\"problems\":[\"events/0: broken\"]}");
    }

    @Test
    void metricsCountWhatHappened() throws Exception {
        publish("/events/a", "1", "20.5");
        publish("/events/*", "1", "20.5");
        String metrics = get("/metrics").body();
        assertThat(metrics)
                .contains("millrace_events_published_total 1.0")
                .contains("millrace_http_requests_total{route=\"publish\",status=\"202\"} 1.0")
                .contains("millrace_publish_duration_seconds_count 1")
                .contains("millrace_http_connections ")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void dashboardIsServedSafely() throws Exception {
        HttpResponse<String> root = get("/");
        assertThat(root.statusCode()).isEqualTo(302);
        assertThat(root.headers().firstValue("location")).contains("/dashboard/");
        HttpResponse<String> page = get("/dashboard/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("test page");
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self'");
        assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
        String tag = page.headers().firstValue("etag").orElseThrow();
        assertThat(send(request("/dashboard/").header("if-none-match", tag)).statusCode())
                .isEqualTo(304);
        assertThat(get("/dashboard/contexts/a").body()).contains("test page");
        HttpResponse<String> asset = get("/dashboard/assets/index-a1B2c3D4.js");
        assertThat(asset.headers().firstValue("cache-control"))
                .contains("public, max-age=31536000, immutable");
        assertThat(get("/dashboard/missing.js").statusCode()).isEqualTo(404);
        assertThat(get("/dashboard/..%2f..%2flogback-test.xml").statusCode()).isEqualTo(404);
        assertThat(get("/dashboard/%2e%2e/logback-test.xml").statusCode()).isEqualTo(404);
    }

    /// A page of the dashboard is loaded when it is opened: its files are kept for ever under their
    /// names, and one that another build has taken away is missing, not the index.
    @Test
    void partsOfTheDashboardAreKeptUnderTheirNames() throws Exception {
        String assets = "/dashboard/assets/";
        HttpResponse<String> script = get(assets + "QueriesPage-Dx_y-z1-.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("content-type"))
                .contains("text/javascript; charset=utf-8");
        HttpResponse<String> style = get(assets + "ViewTable-D8S41m0-.css");
        assertThat(style.headers().firstValue("content-type")).contains("text/css; charset=utf-8");
        for (HttpResponse<String> part : List.of(script, style)) {
            assertThat(part.headers().firstValue("cache-control"))
                    .contains("public, max-age=31536000, immutable");
            assertThat(part.headers().firstValue("x-content-type-options")).contains("nosniff");
        }
        HttpResponse<String> gone = get(assets + "QueriesPage-a1B2c3D4.js");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(gone.headers().firstValue("cache-control").orElse(""))
                .doesNotContain("immutable");
    }
}
