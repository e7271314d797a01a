package io.millrace.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.TestClient;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MqttMetricsTest extends MqttBrokerTest {
    private static final int CONTEXT_IS_RESERVED = 0x87;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        gateway.metrics().bindTo(registry);
    }

    private double count(String name) {
        return registry.get(name).functionCounter().count();
    }

    @Test
    void messagesAreCountedByWhatBecameOfThem() throws Exception {
        try (TestClient client = connect("client")) {
            assertThat(client.subscribe("room/#", 1)).isEqualTo(1);
            assertThat(client.publish("room/a", "1", 1)).isZero();
            assertThat(client.publish("millrace/room/a", "2", 1)).isEqualTo(CONTEXT_IS_RESERVED);
            assertThat(client.publish("room/*", "3", 1)).isGreaterThan(0x7f);
            assertThat(client.next().payload()).isEqualTo("1");
            assertThat(registry.get("millrace.mqtt.connections").gauge().value()).isEqualTo(1);
        }
        assertThat(count("millrace.mqtt.published")).isEqualTo(1);
        assertThat(count("millrace.mqtt.refused")).isEqualTo(2);
        assertThat(count("millrace.mqtt.delivered")).isEqualTo(1);
        assertThat(count("millrace.mqtt.dropped")).isZero();
    }

    @Test
    void whatASlowClientIsNotSentIsCounted() throws Exception {
        try (TestClient deaf = TestClient.deaf(gateway.port(), Hello.once("deaf"))) {
            deaf.subscribeBlindly("flood/#", 0);
            await().atMost(PATIENCE).until(() -> gateway.sessions().followed() > 0);
            await().atMost(PATIENCE)
                    .until(() -> {
                        publish("/flood/a", List.of("x".repeat(100_000)));
                        return count("millrace.mqtt.dropped") > 0;
                    });
        }
    }
}
