package io.millrace.gateway.mqtt;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Precondition;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.TestClient;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What subscribers get of a real broker.
final class TrafficTest extends MqttBrokerTest {
    private static final int NO_LOCAL = 4;
    private static final int AS_PUBLISHED = 8;
    private static final int RETAINED_IF_NEW = 0x10;
    private static final int RETAINED_NEVER = 0x20;

    private static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Test
    void retainedMessagesAreSentAsTheSubscriptionSays() throws Exception {
        try (TestClient client = connect("r")) {
            client.retain("r/a", "kept");
            client.retain("r/b", "gone");
            client.retain("r/b", "");
            assertThat(client.publish("r/c", "passed by", 1)).isZero();
            assertThat(client.subscribe("r/#", 1 | RETAINED_NEVER)).isEqualTo(1);
            assertThat(client.publish("r/x", "1", 1)).isZero();
            assertDelivered(client, "1");
            // Not new any more.
            assertThat(client.subscribe("r/#", 1 | RETAINED_IF_NEW)).isEqualTo(1);
            assertThat(client.publish("r/x", "2", 1)).isZero();
            assertDelivered(client, "2");
            assertThat(client.subscribe("r/#", 1)).isEqualTo(1);
            Delivery retained = client.next();
            assertThat(retained.payload()).isEqualTo("kept");
            assertThat(retained.isRetained()).isTrue();
            assertThat(client.unsubscribe("r/#")).isZero();
            assertThat(client.subscribe("r/+", 1 | RETAINED_IF_NEW)).isEqualTo(1);
            assertDelivered(client, "kept");
            assertThat(client.publish("r/x", "3", 1)).isZero();
            assertDelivered(client, "3");
        }
    }

    @Test
    void theFlagIsKeptOnlyWhereTheSubscriptionSaysSo() throws Exception {
        try (TestClient plain = connect("plain");
                TestClient keeping = connect("keeping")) {
            assertThat(plain.subscribe("f", 1)).isEqualTo(1);
            assertThat(keeping.subscribe("f", 1 | AS_PUBLISHED)).isEqualTo(1);
            plain.retain("f", "x");
            assertThat(plain.next().isRetained()).isFalse();
            assertThat(keeping.next().isRetained()).isTrue();
            assertThat(plain.publish("f", "y", 1)).isZero();
            assertThat(plain.next().isRetained()).isFalse();
            assertThat(keeping.next().isRetained()).isFalse();
        }
    }

    @Test
    void nobodyGetsItsOwnIfItDoesNotWantTo() throws Exception {
        try (TestClient client = connect(Hello.durable("own", HOUR));
                TestClient other = connect("other")) {
            assertThat(client.subscribe("own", 1 | NO_LOCAL)).isEqualTo(1);
            assertThat(client.publish("own", "mine", 1)).isZero();
            assertThat(client.publish("own", "mine too", 0)).isZero();
            assertThat(other.publish("own", "yours", 1)).isZero();
            assertDelivered(client, "yours");
            assertThat(client.publish("own", "mine again", 2)).isZero();
            client.disconnect();
            assertThat(other.publish("own", "later", 1)).isZero();
        }
        try (TestClient client = connect(Hello.durable("own", HOUR))) {
            assertDelivered(client, "later");
        }
    }

    @Test
    void aSharedSubscriptionIsDrainedByAllWhoShareItAndOverOtherProtocols() throws Exception {
        String filter = "$share/team/jobs/#";
        Set<String> wanted = new HashSet<>(numbered("j", 300));
        try (TestClient first = connect("first");
                TestClient second = connect("second")) {
            assertThat(first.subscribe(filter, 1)).isEqualTo(1);
            assertThat(second.subscribe(filter, 2)).isEqualTo(2);
            publish("/jobs/a", numbered("j", 300));
            await().atMost(PATIENCE).until(() -> first.waiting() + second.waiting() >= 300);
            Set<String> got = new HashSet<>();
            assertThat(first.waiting()).isPositive();
            assertThat(second.waiting()).isPositive();
            for (TestClient each : List.of(first, second)) {
                while (each.waiting() > 0) {
                    assertThat(got.add(each.next().payload())).isTrue();
                }
            }
            assertThat(got).isEqualTo(wanted);
        }
        await().atMost(PATIENCE)
                .until(() -> broker.subscriptions().status(Principal.LOCAL).isEmpty());
    }

    @Test
    void whatASharedSubscriptionHoldsIsThereOverHttpToo() throws Exception {
        String filter = "$share/desk/desk/#";
        try (TestClient keeper = connect(Hello.durable("keeper", HOUR))) {
            assertThat(keeper.subscribe(filter, 1)).isEqualTo(1);
            keeper.disconnect();
        }
        publish("/desk/a", numbered("d", 20));
        String name = broker.subscriptions().status(Principal.LOCAL).getFirst().name();
        Set<String> got = new HashSet<>();
        while (got.size() < 20) {
            List<Leased> leased =
                    broker.subscriptions()
                            .receive(
                                    Principal.LOCAL,
                                    name,
                                    new ReceiveRequest(7, Duration.ofSeconds(5), null));
            List<SettleRequest> done = new ArrayList<>();
            for (Leased each : leased) {
                assertThat(got.add(payload(each.event()))).isTrue();
                done.add(new SettleRequest(each.token(), new SettleAction.Complete(), null));
            }
            var _ = broker.subscriptions().settle(Principal.LOCAL, name, done);
        }
        assertThat(got).isEqualTo(numbered("d", 20).stream().collect(toSet()));
        try (TestClient keeper = connect(Hello.durable("keeper", HOUR))) {
            assertThat(keeper.isPresent()).isTrue();
            publish("/desk/a", List.of("last"));
            assertDelivered(keeper, "last");
            assertThat(keeper.unsubscribe(filter)).isZero();
        }
        await().atMost(PATIENCE)
                .until(() -> broker.subscriptions().status(Principal.LOCAL).isEmpty());
    }

    /// The last member leaves while the group waits for events: what comes just then is not locked
    /// up with it.
    @Test
    void whatComesWhileTheLastMemberLeavesIsThereForTheNext() throws Exception {
        String filter = "$share/relay/race/#";
        Hello keeper = Hello.durable("keeper", HOUR);
        for (int round = 0; round < 3; round++) {
            TestClient client = connect(keeper);
            assertThat(client.subscribe(filter, 1)).isEqualTo(1);
            publish("/race/a", List.of("a" + round));
            assertDelivered(client, "a" + round);
            client.disconnect();
            await().atMost(PATIENCE).until(() -> gateway.sessions().connected() == 0);
            publish("/race/a", List.of("b" + round));
            try (TestClient again = connect(keeper)) {
                // What was delivered but not settled yet may come again.
                String next = again.next().payload();
                if (next.equals("a" + round)) {
                    next = again.next().payload();
                }
                assertThat(next).isEqualTo("b" + round);
                again.disconnect();
            }
        }
    }

    @Test
    @Tag("slow")
    void aSlowConsumerCostsNobodyAnythingAndGetsEverything() throws Exception {
        int count = 20_000;
        String filling = "x".repeat(2_000);
        try (TestClient quick = connect("quick");
                TestClient slow = TestClient.deaf(gateway.port(), Hello.once("slow"));
                TestClient publisher = connect("publisher")) {
            slow.subscribeBlindly("flood/#", 1);
            assertThat(quick.subscribe("flood/#", 1)).isEqualTo(1);
            // It is subscribed for sure when somebody who came later is.
            await().atMost(PATIENCE).until(() -> gateway.sessions().followed() > 0);
            long before = used();
            for (int from = 0; from < count; from += 1_000) {
                List<String> payloads = new ArrayList<>();
                for (int i = from; i < from + 1_000; i++) {
                    payloads.add(i + ":" + filling);
                }
                publish("/flood/" + from % 3_000, payloads);
                for (int i = 0; i < 1_000; i++) {
                    assertThat(quick.next().qos()).isEqualTo(1);
                }
            }
            // 40 MB were published.
            assertThat(used() - before).isLessThan(25 << 20);
            slow.read();
            Set<String> got = new HashSet<>();
            while (got.size() < count) {
                String payload = slow.next().payload();
                assertThat(got.add(payload.substring(0, payload.indexOf(':')))).isTrue();
            }
            assertThat(publisher.publish("flood/end", "0:end", 1)).isZero();
            assertDelivered(slow, "0:end");
        }
    }

    @Test
    @Tag("slow")
    void whoTakesNothingAnyMoreKeepsNobodyFromItsSession() throws Exception {
        String filling = "x".repeat(100_000);
        try (TestClient deaf = TestClient.deaf(gateway.port(), Hello.once("deaf"))) {
            deaf.subscribeBlindly("stuck/#", 1);
            await().atMost(PATIENCE).until(() -> gateway.sessions().followed() > 0);
            for (int i = 0; i < 300; i++) {
                publish("/stuck/a", List.of(filling));
            }
            try (TestClient again = connect("deaf")) {
                assertThat(again.subscribe("stuck/#", 1)).isEqualTo(1);
            }
        }
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    @Tag("slow")
    void aSessionThatIsAwayCostsNoMemoryHoweverMuchItMisses() throws Exception {
        int count = 100_000;
        Hello hello = Hello.durable("traveller", HOUR);
        mount("far", "/far", 2);
        try (TestClient client = connect(hello)) {
            assertThat(client.subscribe("far/#", 1)).isEqualTo(1);
            client.disconnect();
        }
        long before = used();
        for (int from = 0; from < count; from += 1_000) {
            List<String> payloads = new ArrayList<>();
            for (int i = from; i < from + 1_000; i++) {
                payloads.add(Integer.toString(i));
            }
            publish("/far/" + from % 7_000, payloads);
        }
        assertThat(used() - before).isLessThan(20 << 20);
        try (TestClient client = connect(hello)) {
            boolean[] got = new boolean[count];
            for (int i = 0; i < count; i++) {
                int number = Integer.parseInt(client.next().payload());
                assertThat(got[number]).as("%d twice", number).isFalse();
                got[number] = true;
            }
        }
    }

    @Test
    void streamsComeAndGoUnderConnectedSessions() throws Exception {
        Hello hello = Hello.durable("witness", HOUR);
        try (TestClient client = connect(hello)) {
            assertThat(client.subscribe("s/#", 1)).isEqualTo(1);
            publish("/s/a", List.of("1"));
            assertDelivered(client, "1");
            mount("new", "/s", 3);
            publish("/s/a", List.of("2"));
            publish("/s/b", List.of("3"));
            assertDelivered(client, "2", "3");
            client.disconnect();
            publish("/s/a", List.of("4"));
        }
        try (TestClient client = connect(hello)) {
            assertDelivered(client, "4");
            broker.administration()
                    .delete(Principal.LOCAL, ResourceKind.STREAM, "new", Precondition.NONE);
            publish("/s/a", List.of("5"));
            assertDelivered(client, "5");
            mount("new", "/s", 1);
            publish("/s/a", List.of("6"));
            assertDelivered(client, "6");
            client.disconnect();
            publish("/s/a", List.of("7"));
        }
        restart();
        try (TestClient client = connect(hello)) {
            assertThat(client.isPresent()).isTrue();
            assertDelivered(client, "7");
        }
    }
}
