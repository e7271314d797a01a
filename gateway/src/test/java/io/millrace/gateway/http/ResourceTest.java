package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.security.OpenGuard;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams as resources, and events, through the gateway to the real broker on a real disk.
final class ResourceTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private Broker broker;
    private HttpGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Clock clock = Clock.system();
        Broker.Ground ground = new Broker.Ground(new FileDisk(), clock, new AgentThreads());
        broker = new Broker(folder, BrokerConfig.forProcessors(2), new OpenGuard(), ground);
        gateway = new HttpGateway(HttpConfig.DEFAULT.withPort(0), broker, clock);
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        broker.close();
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> put(String name, String document, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                request("/api/v1/streams/" + name)
                        .header("content-type", "application/json")
                        .PUT(BodyPublishers.ofString(document));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    @Test
    void streamsAreCreatedChangedAndDeleted() throws Exception {
        HttpResponse<String> created = put("tickets", "{\"mount\":\"/tickets\",\"partitions\":2}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String etag = created.headers().firstValue("etag").orElseThrow();
        assertThat(created.headers().firstValue("location")).contains("/api/v1/streams/tickets");

        HttpResponse<String> read = send(request("/api/v1/streams/tickets"));
        assertThat(read.body()).isEqualTo(created.body()).contains("\"mount\":\"/tickets\"");
        assertThat(read.headers().firstValue("etag")).contains(etag);
        assertThat(
                        send(request("/api/v1/streams/tickets").header("if-none-match", etag))
                                .statusCode())
                .isEqualTo(304);
        HttpResponse<String> yaml =
                send(request("/api/v1/streams/tickets").header("accept", "application/yaml"));
        assertThat(yaml.body()).contains("mount: \"/tickets\"");

        String changed =
                "{\"mount\":\"/tickets\",\"partitions\":2,\"retention\":{\"time\":\"14d\"}}";
        assertThat(put("tickets", changed, "if-match", "\"other\"").statusCode()).isEqualTo(412);
        assertThat(put("tickets", changed, "if-none-match", "*").statusCode()).isEqualTo(412);
        assertThat(put("tickets", changed, "if-match", etag).statusCode()).isEqualTo(200);
        assertThat(send(request("/api/v1/streams")).body()).contains("\"name\":\"tickets\"");

        assertThat(send(request("/api/v1/streams/tickets").DELETE()).statusCode()).isEqualTo(204);
        assertThat(send(request("/api/v1/streams/tickets")).statusCode()).isEqualTo(404);
        assertThat(put("a/b", changed).statusCode()).isEqualTo(404);
    }

    @Test
    void applyTakesAllOrNothing() throws Exception {
        String documents =
                """
                kind: Stream
                name: one
                mount: /one
                ---
                kind: Stream
                name: two
                mount: /two
                """;
        HttpResponse<String> dry = apply("/api/v1/apply?dryRun=true", documents);
        assertThat(dry.statusCode()).as(dry.body()).isEqualTo(200);
        assertThat(dry.body()).startsWith("{\"dryRun\":true").contains("\"outcome\":\"created\"");
        assertThat(send(request("/api/v1/streams/one")).statusCode()).isEqualTo(404);
        assertThat(apply("/api/v1/apply", documents).statusCode()).isEqualTo(200);
        assertThat(apply("/api/v1/apply", documents).body()).contains("\"outcome\":\"unchanged\"");

        HttpResponse<String> wrong =
                apply(
                        "/api/v1/apply",
                        "kind: Stream\nname: X\nmount: /x\n---\nkind: Stream\nname: y\nmont: /y\n");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("[0].name").contains("[1].mont");
        HttpResponse<String> type =
                send(
                        request("/api/v1/apply")
                                .POST(BodyPublishers.ofString("x"))
                                .header("content-type", "text/csv"));
        assertThat(type.statusCode()).isEqualTo(415);
    }

    private HttpResponse<String> apply(String path, String documents) throws Exception {
        return send(
                request(path)
                        .header("content-type", "application/yaml")
                        .POST(BodyPublishers.ofString(documents)));
    }

    @Test
    void eventsGoThroughTheRealBroker() throws Exception {
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> published =
                    send(
                            request("/events/a/" + i % 7)
                                    .header("ce-specversion", "1.0")
                                    .header("ce-id", "" + i)
                                    .header("ce-source", "/s")
                                    .header("ce-type", "t")
                                    .POST(BodyPublishers.ofString("data " + i)));
            assertThat(published.statusCode()).as(published.body()).isEqualTo(202);
        }
        HttpResponse<String> read = send(request("/streams/events/events?max=1000"));
        assertThat(read.body().lines()).hasSize(100);
        assertThat(send(request("/api/v1/contexts?under=/a")).body()).contains("\"total\":7");
        assertThat(send(request("/api/v1/streams/events/status")).body())
                .contains("\"events\":100");
    }

    @Test
    void kindsWithoutAHostAreNotThere() throws Exception {
        for (String kind : new String[] {"queues", "subscriptions", "schedules"}) {
            HttpResponse<String> all = send(request("/api/v1/" + kind));
            assertThat(all.statusCode()).as(kind).isIn(200, 404);
            HttpResponse<String> one = send(request("/api/v1/" + kind + "/none"));
            assertThat(one.statusCode()).isEqualTo(404);
            assertThat(one.headers().firstValue("content-type"))
                    .contains("application/problem+json");
        }
        HttpResponse<String> wrong = apply("/api/v1/apply", "kind: Queue\nname: q\ncolor: red\n");
        assertThat(wrong.statusCode()).isEqualTo(422);
    }
}
