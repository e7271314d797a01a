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

/// The CloudEvents Subscriptions API through the gateway to the real broker. Nothing is published,
/// so nothing is sent to a sink.
final class SubscriptionsApiTest {
    private static final String FORM =
            """
            {"id":"alarms","protocol":"HTTP","sink":"http://127.0.0.1:9/in",
             "types":["com.example.alarm"],"source":"/sensors",
             "filters":[{"prefix":{"subject":"room"}}],
             "config":{"pattern":"/org/**"},
             "protocolsettings":{"headers":{"X-Key":"hush-1"}},
             "sinkcredential":{"credentialtype":"ACCESSTOKEN","accesstoken":"hush-2",
               "accesstokentype":"bearer","accesstokenexpiresutc":"2027-01-01T00:00:00Z"}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private Broker broker;
    private HttpGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Clock clock = Clock.system();
        Broker.Ground ground =
                new Broker.Ground(new FileDisk(), clock, new AgentThreads(), new SilentSinks());
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

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json")
                    .method(method, BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void subscriptionsAreCreatedReadUpdatedAndDeleted() throws Exception {
        HttpResponse<String> created = send("POST", "/subscriptions", FORM);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("location")).contains("/subscriptions/alarms");
        assertThat(created.body())
                .isEqualTo(
                        """
                        {"id":"alarms","source":"/sensors","types":["com.example.alarm"],\
                        "filters":[{"prefix":{"subject":"room"}}],\
                        "config":{"pattern":"/org/**","start":"latest","order":"none",\
                        "outstanding":10000},"sink":"http://127.0.0.1:9/in","protocol":"HTTP",\
                        "protocolsettings":{"method":"POST","headers":{"x-key":"***"}},\
                        "sinkcredential":{"credentialtype":"ACCESSTOKEN","accesstoken":"***",\
                        "accesstokentype":"bearer"}}\
                        """);
        assertThat(send("GET", "/subscriptions/alarms", "").body()).isEqualTo(created.body());
        assertThat(send("GET", "/subscriptions", "").body()).isEqualTo("[" + created.body() + "]");
        assertThat(send("GET", "/api/v1/subscriptions/alarms", "").body())
                .contains("\"url\":\"http://127.0.0.1:9/in\"", "\"bearer\":\"***\"");
        assertThat(send("POST", "/subscriptions", FORM).statusCode()).isEqualTo(409);

        HttpResponse<String> updated =
                send("PUT", "/subscriptions/alarms", created.body().replace("room", "hall"));
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        assertThat(updated.body()).isEqualTo(created.body().replace("room", "hall"));

        HttpResponse<String> deleted = send("DELETE", "/subscriptions/alarms", "");
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.body()).isEqualTo(updated.body());
        for (String method : new String[] {"GET", "DELETE"}) {
            assertThat(send(method, "/subscriptions/alarms", "").statusCode()).isEqualTo(404);
        }
        assertThat(send("PUT", "/subscriptions/alarms", FORM).statusCode()).isEqualTo(404);
    }

    @Test
    void theServerChoosesIds() throws Exception {
        String form = "{\"protocol\":\"HTTP\",\"sink\":\"http://127.0.0.1:9/in\"}";
        String one =
                send("POST", "/subscriptions", form).headers().firstValue("location").orElse("");
        String two =
                send("POST", "/subscriptions", form).headers().firstValue("location").orElse("");
        assertThat(one).startsWith("/subscriptions/s-").isNotEqualTo(two);
        assertThat(send("GET", one, "").body()).contains("\"pattern\":\"/**\"");
    }

    @Test
    void everyProblemIsToldInTheWordsOfTheApi() throws Exception {
        HttpResponse<String> form =
                send(
                        "POST",
                        "/subscriptions",
                        """
                        {"protocol":"MQTT5","sink":"http://127.0.0.1:9/","config":{"color":1},
                         "protocolsettings":{"method":"GET"},
                         "sinkcredential":{"credentialtype":"PLAIN"},"extra":1}
                        """);
        assertThat(form.statusCode()).isEqualTo(400);
        assertThat(form.body())
                .contains(
                        "\"protocol\"",
                        "config.color",
                        "protocolsettings.method",
                        "sinkcredential.credentialtype",
                        "sinkcredential.accesstoken",
                        "extra");
        HttpResponse<String> document =
                send(
                        "POST",
                        "/subscriptions",
                        """
                        {"protocol":"HTTP","sink":"ftp://127.0.0.1/","config":{"pattern":"x"},
                         "filters":[{"sql":"("}]}
                        """);
        assertThat(document.statusCode()).as(document.body()).isEqualTo(400);
        assertThat(document.body()).contains("\"sink\"", "config.pattern", "filters[0].sql");
        assertThat(send("POST", "/subscriptions", "[]").statusCode()).isEqualTo(400);
    }

    @Test
    void featuresAreToldAndSubscriptionsWithoutASinkAreElsewhere() throws Exception {
        HttpResponse<String> options = send("OPTIONS", "/subscriptions", "");
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(options.headers().firstValue("allow")).contains("GET, POST, OPTIONS");
        assertThat(send("OPTIONS", "/subscriptions/x", "").headers().firstValue("allow"))
                .contains("GET, PUT, DELETE, OPTIONS");
        send("PUT", "/api/v1/subscriptions/pulls", "{\"pattern\":\"/**\"}");
        assertThat(send("GET", "/api/v1/subscriptions/pulls", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/subscriptions", "").body()).isEqualTo("[]");
        assertThat(send("GET", "/subscriptions/pulls", "").statusCode()).isEqualTo(404);
    }
}
