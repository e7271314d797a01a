package io.millrace.gateway.http;

import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.listener.SocketHandler;
import io.millrace.io.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of the gateway share: one on a free port, before a broker in memory.
abstract class GatewayTest {
    final TestBroker broker = new TestBroker();
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpGateway gateway;

    HttpLimits limits() {
        return HttpLimits.DEFAULT;
    }

    Duration heartbeat() {
        return Duration.ofSeconds(15);
    }

    /// What takes over the sockets at `/mqtt`.
    @Nullable SocketHandler mqtt() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        HttpConfig config = HttpConfig.DEFAULT.withPort(0).withLimits(limits());
        gateway = new HttpGateway(config, broker, Clock.system(), heartbeat(), List.of(), mqtt());
        gateway.start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        http.close();
        broker.stop();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> publish(String path, String id, String data)
            throws IOException, InterruptedException {
        return send(event(path, id).POST(HttpRequest.BodyPublishers.ofString(data)));
    }

    HttpRequest.Builder event(String path, String id) {
        return request(path)
                .header("ce-specversion", "1.0")
                .header("ce-id", id)
                .header("ce-source", "/sensors/7")
                .header("ce-type", "reading")
                .header("content-type", "application/json");
    }

    /// Posts without a body.
    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /// Posts a JSON document.
    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /// The status and, of a problem, its name and the fields that are wrong.
    static String summary(HttpResponse<String> answer) {
        StringBuilder text = new StringBuilder().append(answer.statusCode());
        Matcher name = Pattern.compile("problems/([a-z-]+)").matcher(answer.body());
        if (name.find()) {
            text.append(' ').append(name.group(1));
        }
        Matcher field = Pattern.compile("\"field\":\"([^\"]*)\"").matcher(answer.body());
        while (field.find()) {
            text.append(' ').append(field.group(1));
        }
        return text.toString();
    }

    RawClient raw() throws IOException {
        return new RawClient(gateway.port());
    }
}
