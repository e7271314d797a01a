package io.millrace.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.Hello.LastWill;
import io.millrace.gateway.mqtt.client.TestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sessions come, go, are taken over, and end, before a real broker.
final class SessionsTest extends MqttBrokerTest {
    private static final int SHUTTING_DOWN = 0x8B;
    private static final int TAKEN_OVER = 0x8E;

    @Test
    void aSessionIsTakenOverAgainAndAgainAndMissesNothing() throws Exception {
        Hello hello = Hello.durable("mover", HOUR);
        List<String> got = new ArrayList<>();
        try (TestClient publisher = connect("publisher")) {
            TestClient now = connect(hello);
            assertThat(now.subscribe("move/#", 2)).isEqualTo(2);
            for (int round = 0; round < 20; round++) {
                assertThat(publisher.publish("move/a", "m" + round, 2)).isZero();
                // Connections go to the event loops in turn; this one and the next differ.
                TestClient next = connect(hello);
                assertThat(next.isPresent()).isTrue();
                assertThat(now.awaitEnd()).isEqualTo(TAKEN_OVER);
                take(now, got);
                now = next;
            }
            assertThat(publisher.publish("move/a", "end", 2)).isZero();
            got.addAll(now.until("end"));
            now.close();
        }
        assertThat(got.stream().distinct())
                .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
    }

    private static void take(TestClient client, List<String> got) throws InterruptedException {
        while (client.waiting() > 0) {
            Delivery delivery = client.next();
            // What comes again after it was not acknowledged is marked.
            assertThat(!got.contains(delivery.payload()) || delivery.isDuplicate()).isTrue();
            got.add(delivery.payload());
        }
    }

    @Test
    void whoComesWhileSomebodyComesGetsTheSession() throws Exception {
        Hello hello = Hello.durable("crowd", HOUR);
        try (TestClient first = connect(hello)) {
            assertThat(first.subscribe("crowd/#", 1)).isEqualTo(1);
        }
        publish("/crowd/a", List.of("1"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(CompletableFuture.supplyAsync(() -> comesAndGoes(hello), threads));
            }
            all.forEach(CompletableFuture::join);
        }
        publish("/crowd/a", List.of("2"));
        try (TestClient last = connect(hello)) {
            assertThat(last.isPresent()).isTrue();
            String next = last.next().payload();
            // Somebody in the crowd may have taken the first.
            if (next.equals("1")) {
                next = last.next().payload();
            }
            assertThat(next).isEqualTo("2");
        }
    }

    private boolean comesAndGoes(Hello hello) {
        try (TestClient client = connect(hello)) {
            return client.isPresent();
        } catch (IOException _) {
            // Sent away by the next one before it was let in.
            return false;
        }
    }

    /// What was published while nobody was connected is not lost to a connection that breaks before
    /// it begins.
    @Test
    void aConnectionThatBreaksAtOnceTakesNothingAlong() throws Exception {
        Hello hello = Hello.durable("breaker", HOUR);
        try (TestClient client = connect(hello)) {
            assertThat(client.subscribe("break/#", 1)).isEqualTo(1);
            client.disconnect();
        }
        // Keeps the partitions followed on all loops.
        try (TestClient a = connect("a");
                TestClient b = connect("b")) {
            assertThat(a.subscribe("break/#", 0)).isZero();
            assertThat(b.subscribe("break/#", 0)).isZero();
            publish("/break/a", List.of("1", "2", "3"));
            for (int i = 0; i < 50; i++) {
                TestClient.hangUp(gateway.port(), hello);
            }
            try (TestClient client = connect(hello)) {
                assertThat(client.isPresent()).isTrue();
                assertDelivered(client, "1", "2", "3");
            }
        }
    }

    @Test
    void sessionsAndTheirPlacesSurviveTheServersStop() throws Exception {
        Hello hello = Hello.durable("stayer", HOUR).window(2);
        TestClient client = connect(hello);
        assertThat(client.subscribe("stay/#", 2, 7)).isEqualTo(2);
        publish("/stay/a", List.of("1", "2"));
        assertDelivered(client, "1", "2");
        restart();
        assertThat(client.awaitEnd()).isEqualTo(SHUTTING_DOWN);
        publish("/stay/a", List.of("3"));
        try (TestClient again = connect(hello)) {
            assertThat(again.isPresent()).isTrue();
            Delivery next = again.next();
            while (!next.payload().equals("3")) {
                assertThat(next.isDuplicate()).isTrue();
                next = again.next();
            }
            assertThat(next.subscriptions()).containsExactly(7);
            assertThat(next.isDuplicate()).isFalse();
        }
    }

    private void awaitGone() {
        awaitConnected(0);
    }

    private void awaitConnected(int count) {
        await().atMost(PATIENCE).until(() -> gateway.sessions().connected() == count);
    }

    @Test
    void aSessionEndsWhenItsTimeIsOver() throws Exception {
        try (TestClient client = connect(Hello.durable("mortal", 100))) {
            assertThat(client.subscribe("t", 1)).isEqualTo(1);
            client.disconnect();
        }
        awaitGone();
        later(Duration.ofSeconds(90));
        try (TestClient client = connect(Hello.durable("mortal", 100))) {
            assertThat(client.isPresent()).isTrue();
            client.disconnect();
        }
        awaitGone();
        later(Duration.ofSeconds(101));
        try (TestClient client = connect(Hello.durable("mortal", 100))) {
            assertThat(client.isPresent()).isFalse();
            client.disconnect();
        }
        awaitGone();
        later(Duration.ofSeconds(101));
        restart();
        try (TestClient client = connect(Hello.durable("mortal", 100))) {
            assertThat(client.isPresent()).isFalse();
        }
    }

    @Test
    void aSessionThatGoesOnForOneConnectionEndsWithIt() throws Exception {
        connect(Hello.durable("brief", HOUR)).disconnect();
        try (TestClient client = connect(Hello.durable("brief", 0))) {
            assertThat(client.isPresent()).isTrue();
            client.disconnect();
        }
        restart();
        try (TestClient client = connect(Hello.durable("brief", HOUR))) {
            assertThat(client.isPresent()).isFalse();
        }
    }

    @Test
    void aWillWaitsForItsDelayAndForItsClient() throws Exception {
        Hello hello =
                Hello.durable("willing", HOUR).will(new LastWill("wills/a", "gone", 1, false, 300));
        try (TestClient watcher = connect("watcher")) {
            assertThat(watcher.subscribe("wills/#", 1)).isEqualTo(1);
            connect(hello).close();
            // It comes back in time, and then goes as it should.
            connect(hello).disconnect();
            awaitConnected(1);
            later(Duration.ofSeconds(301));
            connect(hello).close();
            assertThat(watcher.publish("wills/a", "before", 1)).isZero();
            assertDelivered(watcher, "before");
            await().atMost(PATIENCE)
                    .until(() -> {
                        later(Duration.ofSeconds(301));
                        return watcher.waiting() > 0;
                    });
            assertDelivered(watcher, "gone");
        }
        assertThat(recorded("events", "/wills/**")).containsExactly("before", "gone");
    }

    @Test
    void aWillWithoutDelayIsPublishedEvenIfTheSessionIsTakenOver() throws Exception {
        Hello hello =
                Hello.durable("taken", HOUR).will(new LastWill("wills/b", "gone", 1, false, 0));
        try (TestClient watcher = connect("watcher")) {
            assertThat(watcher.subscribe("wills/#", 1)).isEqualTo(1);
            for (int i = 0; i < 5; i++) {
                TestClient first = connect(hello);
                TestClient second = connect(hello);
                assertThat(first.awaitEnd()).isEqualTo(TAKEN_OVER);
                assertDelivered(watcher, "gone");
                second.disconnect();
            }
        }
    }

    @Test
    @Tag("slow")
    void twoThousandSessionsComeAndGo() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                int number = i;
                all.add(CompletableFuture.runAsync(() -> live(number), threads));
            }
            all.forEach(CompletableFuture::join);
        }
        awaitGone();
        assertThat(gateway.sessions().resting()).isEqualTo(500);
        assertThat(gateway.sessions().followed()).isZero();
    }

    private void live(int number) {
        Hello hello =
                number % 4 == 0 ? Hello.durable("c" + number, HOUR) : Hello.once("c" + number);
        try (TestClient client = connect(hello)) {
            assertThat(client.subscribe("many/" + number + "/#", number % 3)).isBetween(0, 2);
            if (number % 2 == 0) {
                assertThat(client.publish("many/" + number + "/a", "x", 1)).isZero();
                assertDelivered(client, "x");
                assertThat(client.unsubscribe("many/" + number + "/#")).isZero();
            } else if (number % 5 == 0) {
                // Goes while the server is at it.
                client.subscribeAndGo("gone/" + number);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
