package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Hello;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Clients of MQTT publish to the real server and are subscribed to it, which is killed again and
/// again, as are connections; at the end every message is counted, in the log and at every
/// subscriber.
///
/// `-Dcrash.seed=` repeats the choices of a run, `-Dmqtt.crash.kills=` and `-Dmqtt.crash.messages=`
/// make a longer one.
@Tag("slow")
@Timeout(600)
final class MqttCrashTest {
    private static final int KILLS = Integer.getInteger("mqtt.crash.kills", 4);
    private static final int MESSAGES = Integer.getInteger("mqtt.crash.messages", 900);
    private static final int EARLY = 50;
    private static final List<String> PUBLISHERS = List.of("1-a", "1-b", "2-a", "2-b");
    private static final long HOUR = 3_600;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final AtomicLong deliveries = new AtomicLong();

    @TempDir Path data;

    /// What one subscriber has got, in order.
    private final class Book {
        private final String name;
        private final List<Delivery> all = new ArrayList<>();
        private final Set<String> payloads = new HashSet<>();

        Book(String name) {
            this.name = name;
        }

        synchronized void add(Delivery delivery) {
            all.add(delivery);
            payloads.add(delivery.payload());
            deliveries.incrementAndGet();
        }

        synchronized int size() {
            return payloads.size();
        }

        synchronized List<String> of(String publisher) {
            return all.stream()
                    .map(Delivery::payload)
                    .filter(each -> each.startsWith(publisher + ":"))
                    .toList();
        }
    }

    @Test
    void everyMessageIsAccountedForHoweverOftenTheServerIsKilled() throws Exception {
        Random random = new Random(seed);
        List<Book> books =
                List.of(
                        new Book("s1"),
                        new Book("s2"),
                        new Book("s2-narrow"),
                        new Book("s1-other"));
        List<KeepingClient> clients = new ArrayList<>();
        try (CrashingServer server = new CrashingServer(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CrashingServer.good(
                    server.put("/api/v1/streams/crash", "{\"mount\":\"/crash\",\"partitions\":3}"));
            try {
                publishBefore(server, clients);
                subscribe(server, books, clients);
                List<CompletableFuture<Void>> ended = new ArrayList<>();
                for (String name : PUBLISHERS) {
                    KeepingClient client =
                            new KeepingClient(
                                    server, Hello.durable("p" + name, HOUR), null, 0, _ -> {});
                    clients.add(client);
                    ended.add(CompletableFuture.runAsync(() -> publishAll(client, name), threads));
                }
                for (int i = 0; i < KILLS; i++) {
                    awaitSome(random, ended);
                    for (int left = 1 + random.nextInt(5); left > 0; left--) {
                        clients.get(random.nextInt(clients.size())).breakOff();
                    }
                    awaitSome(random, ended);
                    server.crash();
                }
                ended.forEach(CompletableFuture::join);
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> books.stream().allMatch(this::isComplete));
                count(server, books);
                assertThat(clients).allMatch(client -> client.sessionsLost() == 0);
                assertThat(clients.stream().mapToInt(KeepingClient::sentAgain).sum()).isPositive();
            } finally {
                clients.forEach(KeepingClient::close);
            }
        }
    }

    /// What nobody is subscribed to yet is for nobody.
    private static void publishBefore(CrashingServer server, List<KeepingClient> clients)
            throws InterruptedException {
        KeepingClient client =
                new KeepingClient(server, Hello.durable("before", HOUR), null, 0, _ -> {});
        clients.add(client);
        for (int i = 0; i < EARLY; i++) {
            for (String name : PUBLISHERS) {
                client.publish("crash/" + name, payload("before", i), 1);
            }
        }
        client.awaitAcknowledged();
    }

    private static void subscribe(
            CrashingServer server, List<Book> books, List<KeepingClient> clients)
            throws InterruptedException {
        for (Book book : books) {
            Hello hello = Hello.durable(book.name, HOUR);
            if (book.name.endsWith("narrow")) {
                hello = hello.window(3);
            }
            int qos = book.name.charAt(1) - '0';
            KeepingClient client = new KeepingClient(server, hello, "crash/#", qos, book::add);
            clients.add(client);
            client.awaitSubscribed();
        }
    }

    private boolean isComplete(Book book) {
        return book.size() >= PUBLISHERS.size() * MESSAGES;
    }

    private static void publishAll(KeepingClient client, String name) {
        int qos = name.charAt(0) - '0';
        try {
            for (int i = 0; i < MESSAGES; i++) {
                client.publish("crash/" + name, payload(name, i), qos);
            }
            client.awaitAcknowledged();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String payload(String name, int number) {
        return name + ":" + number;
    }

    /// Until so many were delivered since, and not quite at that moment.
    private void awaitSome(Random random, List<CompletableFuture<Void>> ended) {
        int share = PUBLISHERS.size() * MESSAGES * 4 / (2 * KILLS + 2);
        long until = deliveries.get() + share / 2 + random.nextInt(share / 2);
        await().pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
                .atMost(Duration.ofSeconds(90))
                .until(() ->
                        deliveries.get() >= until
                                || ended.stream().allMatch(CompletableFuture::isDone));
    }

    private void count(CrashingServer server, List<Book> books)
            throws IOException, InterruptedException {
        Map<String, List<String>> log = log(server);
        for (Book book : books) {
            assertThat(book.of("before")).as("%s, seed %d", book.name, seed).isEmpty();
        }
        for (String name : PUBLISHERS) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                sent.add(payload(name, i));
            }
            List<String> recorded = log.getOrDefault(name, List.of());
            boolean isOnce = name.startsWith("2");
            assertThat(isOnce ? recorded : recorded.stream().distinct().toList())
                    .as("the log of %s, seed %d", name, seed)
                    .isEqualTo(sent);
            for (Book book : books) {
                boolean isOnceHere = isOnce && book.name.startsWith("s2");
                List<String> got = book.of(name);
                assertThat(isOnceHere ? got : got.stream().distinct().toList())
                        .as("%s at %s, seed %d", name, book.name, seed)
                        .isEqualTo(sent);
            }
        }
    }

    /// What is recorded, by publishers.
    private static Map<String, List<String>> log(CrashingServer server)
            throws IOException, InterruptedException {
        Map<String, List<String>> all = new HashMap<>();
        for (CountedWindows.Stored stored :
                CountedWindows.read(server.client(), server.address(), "crash", "/crash/**")) {
            JsonNode event = stored.event();
            String payload =
                    event.has("data_base64")
                            ? new String(
                                    Base64.getDecoder()
                                            .decode(event.path("data_base64").asString()),
                                    StandardCharsets.UTF_8)
                            : event.path("data").asString();
            String name = payload.substring(0, payload.indexOf(':'));
            all.computeIfAbsent(name, _ -> new ArrayList<>()).add(payload);
        }
        return all;
    }
}
