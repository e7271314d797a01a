package io.millrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class KafkaMetricsTest extends KafkaGatewayTest {
    @Test
    void requestsAndConnectionsAreCounted() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        gateway.metrics().bindTo(registry);
        try (RawKafkaClient client = new RawKafkaClient(gateway.port())) {
            client.send(ApiKeys.API_VERSIONS, 0, 1, new ApiVersionsRequestData());
            client.receive(ApiKeys.API_VERSIONS, 0, 1);
            assertThat(registry.get("millrace.kafka.connections").gauge().value()).isEqualTo(1);
        }
        assertThat(
                        registry.get("millrace.kafka.requests")
                                .tag("api", "api_versions")
                                .functionCounter()
                                .count())
                .isEqualTo(1);
        assertThat(
                        registry.get("millrace.kafka.sent.bytes")
                                .tag("api", "api_versions")
                                .functionCounter()
                                .count())
                .isGreaterThan(100);
    }
}
