package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.Hello.LastWill;
import io.millrace.gateway.mqtt.client.TestClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What MQTT's clients find when the server was killed and started again.
@Tag("slow")
@Timeout(120)
final class MqttAfterCrashTest {
    private static final long HOUR = 3_600;

    @TempDir Path data;

    /// Whose session outlives the server has a will that does.
    @Test
    void theWillsOfWhoWasConnectedArePublishedByTheNextServer() throws Exception {
        try (CrashingServer server = new CrashingServer(data)) {
            TestClient watcher = connect(server, Hello.durable("watcher", HOUR));
            assertThat(watcher.subscribe("wills/#", 1)).isEqualTo(1);
            // First, so that it is on disk that it has gone when the others are let in.
            connect(server, willing("polite", 0)).disconnect();
            TestClient _ = connect(server, willing("at-once", 0));
            TestClient _ = connect(server, willing("soon", 2));
            TestClient _ = connect(server, willing("much-later", HOUR));
            server.crash();
            try (TestClient again = connect(server, Hello.durable("watcher", HOUR))) {
                assertThat(again.isPresent()).isTrue();
                assertThat(again.next().payload()).isEqualTo("at-once is gone");
                assertThat(again.next().payload()).isEqualTo("soon is gone");
                assertThat(again.publish("wills/end", "end", 1)).isZero();
                assertThat(again.until("end")).isEmpty();
            }
        }
    }

    private static Hello willing(String name, long delaySeconds) {
        return Hello.durable(name, HOUR)
                .will(new LastWill("wills/" + name, name + " is gone", 1, true, delaySeconds));
    }

    private static TestClient connect(CrashingServer server, Hello hello) throws Exception {
        return TestClient.connect(server.mqttPort(), hello);
    }

    @Test
    void whatWasRetainedStaysAndWhatWasClearedDoesNotComeBack() throws Exception {
        int count = 200;
        try (CrashingServer server = new CrashingServer(data)) {
            for (int round = 0; round < 2; round++) {
                try (TestClient client = connect(server, Hello.once("writer"))) {
                    for (int i = 0; i < count; i++) {
                        client.retain("kept/" + i, i + " in round " + round);
                        if (i % 2 == 0) {
                            client.retain("kept/" + i, "");
                        } else {
                            assertThat(client.publish("kept/" + i, "passes by", 1)).isZero();
                        }
                    }
                }
                server.crash();
                assertRetained(server, count, round);
            }
        }
    }

    private static void assertRetained(CrashingServer server, int count, int round)
            throws Exception {
        List<String> expected = new ArrayList<>();
        IntStream.range(0, count)
                .filter(i -> i % 2 == 1)
                .forEach(i -> expected.add(i + " in round " + round));
        try (TestClient client = connect(server, Hello.once("reader"))) {
            assertThat(client.subscribe("kept/#", 1)).isEqualTo(1);
            List<String> got = new ArrayList<>();
            while (got.size() < expected.size()) {
                Delivery next = client.next();
                assertThat(next.isRetained()).isTrue();
                got.add(next.payload());
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(client.publish("kept/end", "end", 1)).isZero();
            assertThat(client.until("end")).isEmpty();
        }
    }

    /// A message with QoS 1 that was delivered does not come again for ever: after a while its
    /// session is written down behind it.
    @Test
    void aSubscriberWithQosOneBeginsWhereItWas() throws Exception {
        Hello hello = Hello.durable("reader", HOUR);
        try (CrashingServer server = new CrashingServer(data)) {
            try (TestClient writer = connect(server, Hello.once("writer"))) {
                assertThat(writer.publish("place/a", "before", 1)).isZero();
                TestClient reader = connect(server, hello);
                assertThat(reader.subscribe("place/#", 1)).isEqualTo(1);
                reader.close();
            }
            server.crash();
            try (TestClient reader = connect(server, hello);
                    TestClient writer = connect(server, Hello.once("writer"))) {
                assertThat(reader.isPresent()).isTrue();
                assertThat(writer.publish("place/a", "behind", 1)).isZero();
                assertThat(reader.next().payload()).isEqualTo("behind");
            }
        }
    }

    /// It was read from the log for a client that came back; with QoS 2 it is one message for ever.
    @Test
    void whatWasSentFromTheLogWithQosTwoIsNotSentAsAnotherMessage() throws Exception {
        Hello hello = Hello.durable("reader", HOUR);
        try (CrashingServer server = new CrashingServer(data)) {
            TestClient reader = connect(server, hello);
            assertThat(reader.subscribe("once/#", 2)).isEqualTo(2);
            reader.disconnect();
            try (TestClient writer = connect(server, Hello.once("writer"))) {
                assertThat(writer.publish("once/a", "x", 2)).isZero();
            }
            TestClient silent = TestClient.silent(server.mqttPort(), hello);
            assertThat(silent.next().payload()).isEqualTo("x");
            server.crash();
            try (TestClient again = connect(server, hello)) {
                Delivery next = again.next();
                assertThat(next.payload()).isEqualTo("x");
                assertThat(next.isDuplicate()).isTrue();
                assertThat(again.publish("once/a", "end", 2)).isZero();
                assertThat(again.until("end")).isEmpty();
            }
        }
    }
}
