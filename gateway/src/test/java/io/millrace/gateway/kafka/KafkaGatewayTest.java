package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.config.KafkaConfig;
import io.millrace.gateway.kafka.config.KafkaLimits;
import io.millrace.io.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of the gateway share: one on a free port, before topics in memory.
abstract class KafkaGatewayTest {
    final FakeTopics topics = new FakeTopics();
    final Map<String, FakeTable> tables = new ConcurrentHashMap<>();
    KafkaGateway gateway;

    KafkaLimits limits() {
        return KafkaLimits.DEFAULT;
    }

    boolean createsTopics() {
        return true;
    }

    @BeforeEach
    void start() {
        KafkaConfig config =
                new KafkaConfig("127.0.0.1", 0, null, createsTopics(), Duration.ZERO, limits());
        gateway =
                new KafkaGateway(
                        config,
                        new KafkaGround(
                                topics,
                                null,
                                name -> tables.computeIfAbsent(name, _ -> new FakeTable()),
                                Clock.system()));
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    Properties client() {
        Properties properties = new Properties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + gateway.port());
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
        return properties;
    }
}
