package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A view over HTTP, as the reference promises it, from the real server. Each test has a view and a
/// context of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ViewsOverHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable ServerProcess server;
    private int test;
    private String name = "";

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        server = ServerProcess.start(data, "--kafka-port", "0");
    }

    @BeforeEach
    void prices() {
        test++;
        name = "prices" + test;
        send(
                request("/api/v1/views/" + name)
                        .header("content-type", "application/json")
                        .PUT(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"from\": {\"pattern\": \"/%s/**\"}, \"key\": \"{data.sku}\"}"
                                                .formatted(name))));
        for (int sku = 1; sku <= 5; sku++) {
            price("a/" + sku, sku);
        }
        price("b ü", 6);
        await().atMost(PATIENCE).until(() -> list("").path("items").size() == 6);
    }

    @AfterAll
    void end() {
        client.close();
        Objects.requireNonNull(server).close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(Objects.requireNonNull(server).address() + path))
                .timeout(PATIENCE);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void price(String sku, int price) {
        HttpResponse<String> answer =
                send(
                        request("/events/" + name + "/list")
                                .header("ce-specversion", "1.0")
                                .header("ce-id", sku.replaceAll("[^a-z0-9]", "-") + "-" + price)
                                .header("ce-source", "/test")
                                .header("ce-type", "price")
                                .header("content-type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"sku\": \"%s\", \"price\": %d}"
                                                        .formatted(sku, price))));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request("/views/" + name + path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private JsonNode list(String query) {
        HttpResponse<String> answer = get(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> keys(JsonNode page) {
        List<String> keys = new ArrayList<>();
        page.path("items").forEach(item -> keys.add(item.path("key").asString()));
        return keys;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static int price(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).path("data").path("price").asInt();
    }

    @Test
    void aKeyIsReadAsTheEventThatItIs() {
        for (String written : List.of("/a/3", "/a%2F3")) {
            HttpResponse<String> answer = get(written);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "content-type")).startsWith("application/cloudevents+json");
            assertThat(header(answer, "millrace-context")).isEqualTo("/" + name + "/list");
            assertThat(header(answer, "millrace-updated")).endsWith("Z");
            assertThat(JSON.readTree(answer.body()).path("id").asString()).isEqualTo("a-3-3");
            assertThat(price(answer)).isEqualTo(3);
        }
        assertThat(price(get("/b%20%C3%BC"))).isEqualTo(6);
        HttpResponse<String> nothing = get("/c");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(nothing.body()).contains("view-key-not-found");
        assertThat(send(request("/views/costs/a/3")).body()).contains("view-not-found");
    }

    @Test
    void aChangeIsWaitedFor() {
        String etag = header(get("/a/1"), "etag");
        assertThat(get("/a/1", "if-none-match", etag).statusCode()).isEqualTo(304);
        assertThat(get("/a/1?wait=50ms", "if-none-match", etag).statusCode()).isEqualTo(304);
        assertThat(get("/new?wait=50ms").statusCode()).isEqualTo(404);
        var changed =
                CompletableFuture.supplyAsync(() -> get("/a/1?wait=20s", "if-none-match", etag));
        var came = CompletableFuture.supplyAsync(() -> get("/new?wait=20s"));
        price("a/1", 11);
        price("new", 7);
        assertThat(price(changed.join())).isEqualTo(11);
        assertThat(header(changed.join(), "etag")).isNotEqualTo(etag);
        assertThat(price(came.join())).isEqualTo(7);
        // What is not as the client knows it is answered at once.
        assertThat(price(get("/a/1?wait=20s", "if-none-match", etag))).isEqualTo(11);
    }

    @Test
    void keysComePageByPageByRangeAndByFilter() {
        assertThat(keys(list(""))).containsExactly("a/1", "a/2", "a/3", "a/4", "a/5", "b ü");
        List<String> paged = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = list("?limit=4" + after);
            assertThat(page.path("items").size()).isLessThanOrEqualTo(4);
            paged.addAll(keys(page));
            after =
                    page.path("next").isNull()
                            ? ""
                            : "&after=" + page.path("next").asString().replace("/", "%2F");
        } while (!after.isEmpty());
        assertThat(paged).isEqualTo(keys(list("")));
        assertThat(keys(list("?prefix=b"))).containsExactly("b ü");
        assertThat(keys(list("?from=a%2F2&to=a%2F4"))).containsExactly("a/2", "a/3");
        assertThat(keys(list("?filter=id%20LIKE%20%27a-4%25%27"))).containsExactly("a/4");
        JsonNode item = list("?prefix=b").path("items").get(0);
        assertThat(item.path("context").asString()).isEqualTo("/" + name + "/list");
        assertThat(item.path("value").path("data").path("price").asInt()).isEqualTo(6);
        assertThat(item.path("etag").asString()).isEqualTo(header(get("/b%20%C3%BC"), "etag"));
    }

    @Test
    void whatWasIsTold() {
        Instant before = Instant.parse("2020-01-01T00:00:00Z");
        String updated = header(get("/a/2"), "millrace-updated");
        await().until(() -> Instant.now().isAfter(Instant.parse(updated).plusMillis(2)));
        price("a/2", 22);
        await().atMost(PATIENCE).until(() -> price(get("/a/2")) == 22);
        Instant then = Instant.parse(updated).plusMillis(1);
        assertThat(price(get("/a/2?asOf=" + then))).isEqualTo(2);
        assertThat(price(get("/a/2?asOf=" + Instant.now()))).isEqualTo(22);
        assertThat(get("/a/2?asOf=" + before).statusCode()).isEqualTo(404);
    }

    @Test
    void aViewIsFollowed() throws Exception {
        HttpResponse<Stream<String>> answer =
                client.send(
                        request("/views/" + name + "?prefix=a")
                                .header("accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        assertThat(header(answer, "content-type")).startsWith("text/event-stream");
        try (Stream<String> lines = answer.body()) {
            Iterator<String> each = lines.iterator();
            List<String> first = new ArrayList<>();
            for (String kind = kind(each); !kind.equals("current"); kind = kind(each)) {
                first.add(kind);
                assertThat(each.next()).contains("\"price\": " + first.size());
            }
            assertThat(first).hasSize(5).containsOnly("put");
            assertThat(followers()).isEqualTo("1");
            // Another prefix is not theirs.
            price("b ü", 66);
            price("a/5", 55);
            assertThat(kind(each)).isEqualTo("put");
            assertThat(each.next()).contains("a/5").contains("\"price\": 55");
        }
        await().atMost(PATIENCE).until(() -> followers().equals("0"));
    }

    private String followers() {
        String status = send(request("/api/v1/views/" + name + "/status")).body();
        return JSON.readTree(status).path("followers").toString();
    }

    private static String kind(Iterator<String> lines) {
        String line = lines.next();
        while (!line.startsWith("event: ")) {
            line = lines.next();
        }
        return line.substring("event: ".length());
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0, limit",
        "?limit=1001, limit",
        "?limit=x, limit",
        "?filter=%27, filter",
        "?follow=maybe, follow",
        "?follow=true&limit=3, limit",
        "?colour=red, colour",
        "/a/1?wait=61s, wait",
        "/a/1?wait=soon, wait",
        "/a/1?asOf=yesterday, asOf",
        "/a/1?asOf=2026-01-01T00:00:00Z&wait=1s, wait",
    })
    void aWrongParameterIsNamed(String path, String field) {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
        assertThat(answer.body()).contains("\"field\":\"" + field);
    }
}
