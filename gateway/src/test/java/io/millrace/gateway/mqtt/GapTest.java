package io.millrace.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.TestClient;
import io.millrace.gateway.mqtt.session.Authentication;
import io.millrace.security.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An event loop is busy for so long that it has no room for what is published; its subscribers get
/// everything all the same, once.
@Tag("slow")
final class GapTest extends MqttBrokerTest {
    private static final int ROUNDS = 3;
    private static final int BATCHES = 40;
    private static final int BATCH = 100;
    private static final String FILLING = "x".repeat(10_000);

    private volatile @Nullable Block block;

    /// Holds up the event loop on which the next connection begins.
    private static final class Block {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
    }

    @Override
    Authentication.Factory authentication() {
        Authentication.Factory usual = Authentication.none(Principal.LOCAL);
        return address -> {
            Block now = block;
            if (now != null) {
                block = null;
                now.begun.countDown();
                await(now.ended);
            }
            return usual.begin(address);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatALoopHasNoRoomForIsReadFromTheLog() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                TestClient a = connect("a");
                TestClient b = connect(Hello.durable("b", HOUR));
                TestClient c = connect(Hello.durable("c", HOUR).window(5));
                TestClient d = connect("d");
                TestClient first = connect("first");
                TestClient second = connect("second")) {
            List<TestClient> all = List.of(a, b, c, d);
            // One on each loop, which are not behind when there is no room for their few.
            assertThat(first.subscribe("quiet/+", 1)).isEqualTo(1);
            assertThat(second.subscribe("quiet/#", 2)).isEqualTo(2);
            int qos = 1;
            for (TestClient each : all) {
                assertThat(each.subscribe("gap/#", qos)).isEqualTo(qos);
                qos = 3 - qos;
            }
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<List<String>>> got = new ArrayList<>();
                for (TestClient each : all) {
                    got.add(CompletableFuture.supplyAsync(() -> take(each), threads));
                }
                Block now = new Block();
                block = now;
                var _ = CompletableFuture.runAsync(this::begin, threads);
                await(now.begun);
                List<String> expected = publishMuch(round, 0, BATCHES);
                // No smaller than the others, or there would be room for them.
                publish("/quiet/a", List.of("1" + FILLING, "2" + FILLING));
                now.ended.countDown();
                for (TestClient each : List.of(first, second)) {
                    assertDelivered(each, "1" + FILLING, "2" + FILLING);
                }
                publish("/quiet/a", List.of("3"));
                for (TestClient each : List.of(first, second)) {
                    assertDelivered(each, "3");
                }
                expected.addAll(publishMuch(round, BATCHES, BATCHES + 3));
                for (CompletableFuture<List<String>> each : got) {
                    assertThat(each.get()).containsExactlyElementsOf(expected);
                }
            }
        }
    }

    private void begin() {
        try {
            TestClient.hangUp(gateway.port(), Hello.once("blocker"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// All of it in one context, so that it has an order.
    private List<String> publishMuch(int round, int from, int to) {
        List<String> names = new ArrayList<>();
        for (int batch = from; batch < to; batch++) {
            List<String> payloads = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                String name = round + "-" + (batch * BATCH + i);
                names.add(name);
                payloads.add(name + ":" + FILLING);
            }
            publish("/gap/a", payloads);
        }
        return names;
    }

    private static List<String> take(TestClient client) {
        List<String> names = new ArrayList<>();
        try {
            while (names.size() < (BATCHES + 3) * BATCH) {
                Delivery next = client.next();
                names.add(next.payload().substring(0, next.payload().indexOf(':')));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return names;
    }
}
