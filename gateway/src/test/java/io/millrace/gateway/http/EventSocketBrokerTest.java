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
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CloudEvents over WebSocket through the gateway to the real broker and its log.
final class EventSocketBrokerTest {
    private static final int MANY = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
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

    private SocketClient open(String path) {
        return SocketClient.open(http, gateway.port(), path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
    }

    private void publishOverHttp(String context, String id) throws Exception {
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/http\",\"type\":\"t\"}"
                        .formatted(id);
        HttpResponse<String> answer =
                send(
                        request("/events" + context)
                                .header("content-type", "application/cloudevents+json")
                                .POST(HttpRequest.BodyPublishers.ofString(event)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    @Test
    void whatIsPublishedHereIsReadOverHttp() throws Exception {
        SocketClient client = open("/socket/org/room?acks=true");
        client.publish("1", "{\"celsius\":20.50}");
        String accepted = client.next();
        assertThat(accepted)
                .contains(
                        "\"id\":\"1\",\"source\":\"/sensors/7\",\"receipt\":{\"stream\":\"events\"");
        String read = send(request("/streams/events/events")).body();
        assertThat(read).contains("\"context\":\"/org/room\"").contains("{\"celsius\":20.50}");
        assertThat(open("/socket?acks=true").publish("2", "1").nextId()).isEqualTo("accepted");
        assertThat(send(request("/streams/events/events")).body())
                .contains("\"context\":\"/sensors/7\"");
    }

    @Test
    void subscriberGetsWhatComesFromEverywhere() throws Exception {
        SocketClient client = open("/socket/a/ws?subscribe=/a/**&from=first");
        publishOverHttp("/a/http", "1");
        assertThat(client.next())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/http\",\"type\":\"t\"}");
        publishOverHttp("/b", "2");
        client.publish("3", "1");
        assertThat(client.nextId()).isEqualTo("3");
    }

    @Test
    void creditOfOneIsOneEvent() throws Exception {
        for (int i = 0; i < 5; i++) {
            publishOverHttp("/a", "" + i);
        }
        SocketClient client = open("/socket?subscribe=/a&from=first&credit=1&acks=true");
        assertThat(client.nextId()).isEqualTo("0");
        // Credit alone decides: an answer that comes later overtakes what it does not cover.
        client.publish("x", "1");
        assertThat(client.nextId()).isEqualTo("accepted");
        assertThat(client.waiting()).isZero();
        client.grant(2);
        assertThat(client.nextId()).isEqualTo("1");
        assertThat(client.nextId()).isEqualTo("2");
        client.publish("y", "1");
        assertThat(client.nextId()).isEqualTo("accepted");
        assertThat(client.waiting()).isZero();
    }

    @Test
    void subscriberWhoWasKilledAndResumesLosesNothing() throws Exception {
        for (int i = 0; i < MANY; i++) {
            publishOverHttp("/a/" + i % 7, "" + i);
        }
        TreeSet<Integer> got = new TreeSet<>();
        String position = "first";
        int killed = 0;
        while (got.size() < MANY) {
            SocketClient client =
                    open(
                            "/socket?subscribe=/a/**&positions=true&from="
                                    + URLEncoder.encode(position, StandardCharsets.UTF_8));
            // Each time it sees a little and forgets what came behind the last position.
            List<Integer> unsure = new ArrayList<>();
            for (int i = 0; i < 250 && got.size() < MANY; i++) {
                String message = client.next();
                assertThat(message).isNotNull();
                Matcher told = Pattern.compile("\"position\":\"([^\"]+)\"").matcher(message);
                if (told.find()) {
                    position = told.group(1);
                    got.addAll(unsure);
                    unsure.clear();
                } else {
                    Matcher id = Pattern.compile("\"id\":\"([0-9]+)\"").matcher(message);
                    assertThat(id.find()).as(message).isTrue();
                    unsure.add(Integer.parseInt(id.group(1)));
                }
            }
            client.abort();
            killed++;
        }
        assertThat(got).hasSize(MANY).first().isEqualTo(0);
        assertThat(killed).isGreaterThan(3);
    }

    @Test
    void thousandEventsGoBothWaysOnOneSocket() throws Exception {
        SocketClient client =
                open("/socket/a?acks=true&subscribe=/a&subscribe=/b&from=first&positions=true");
        // Both positions: from here on both are followed.
        assertThat(client.nextId()).isEqualTo("position");
        assertThat(client.nextId()).isEqualTo("position");
        Thread other =
                Thread.ofVirtual()
                        .start(() -> {
                            SocketClient publisher = open("/socket/b?acks=true");
                            for (int i = 0; i < MANY; i++) {
                                publisher.publish("b" + i, "1");
                            }
                        });
        for (int i = 0; i < MANY; i++) {
            client.publish("a" + i, "1");
        }
        List<String> mine = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int accepted = 0;
        while (accepted < MANY || mine.size() < MANY || others.size() < MANY) {
            String id = client.nextId();
            switch (id.charAt(0)) {
                case 'b' -> others.add(id);
                case 'p' -> {}
                default -> {
                    if (id.equals("accepted")) {
                        accepted++;
                    } else {
                        assertThat(id).startsWith("a");
                        mine.add(id);
                    }
                }
            }
        }
        other.join();
        // One context is one ordered sequence.
        for (int i = 0; i < MANY; i++) {
            assertThat(mine.get(i)).isEqualTo("a" + i);
            assertThat(others.get(i)).isEqualTo("b" + i);
        }
    }

    @Test
    void largeEventComesBackInOnePiece() throws Exception {
        SocketClient client = open("/socket/a?acks=true&subscribe=/a&from=first");
        String data = "\"" + "x".repeat(1_000_000) + "\"";
        client.publish("1", data);
        String one = client.next();
        String other = client.next();
        assertThat(one + other).contains(data).contains("socket.accepted");
    }
}
