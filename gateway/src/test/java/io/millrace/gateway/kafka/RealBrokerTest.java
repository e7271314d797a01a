package io.millrace.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.topic.TopicSettings;
import io.millrace.event.Context;
import io.millrace.gateway.kafka.config.KafkaConfig;
import io.millrace.gateway.kafka.config.KafkaLimits;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Durability;
import io.millrace.security.OpenGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of Kafka's own clients share: a gateway on a free port before a broker on disk.
abstract class RealBrokerTest {
    /// Of a topic that does not say how many.
    static final int PARTITIONS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;
    Broker broker;
    KafkaGateway gateway;

    @BeforeEach
    void start() throws IOException {
        Clock clock = Clock.system();
        broker =
                new Broker(
                        folder,
                        BrokerConfig.forProcessors(2)
                                .with(
                                        new TopicSettings(
                                                Context.of("/topics"),
                                                PARTITIONS,
                                                Durability.BUFFERED,
                                                Duration.ofDays(1))),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), clock, new AgentThreads()));
        gateway =
                new KafkaGateway(
                        new KafkaConfig(
                                "127.0.0.1", 0, null, false, Duration.ZERO, KafkaLimits.DEFAULT),
                        new KafkaGround(broker.topics(), broker.shares(), broker::table, clock));
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        broker.close();
    }

    Properties client() {
        Properties properties = new Properties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + gateway.port());
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
        return properties;
    }

    void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        }
    }

    /// Sets configurations of a group.
    void configure(String group, Map<String, String> values) throws Exception {
        List<AlterConfigOp> changes =
                new TreeMap<>(values)
                        .entrySet().stream()
                                .map(each -> new ConfigEntry(each.getKey(), each.getValue()))
                                .map(each -> new AlterConfigOp(each, AlterConfigOp.OpType.SET))
                                .toList();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        try (Admin admin = Admin.create(client())) {
            admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
        }
    }

    /// Produces values to the partitions in turn.
    void produce(String topic, int partitions, List<String> values) {
        try (var producer =
                new KafkaProducer<>(
                        client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                byte[] value = values.get(i).getBytes(UTF_8);
                sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, null, value)));
            }
            for (Future<RecordMetadata> each : sent) {
                assertThat(each).succeedsWithin(PATIENCE);
            }
        }
    }

    /// Does something again and again until something is so; fails if that takes too long.
    static void until(BooleanSupplier isSo, Runnable step) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean() && System.nanoTime() - end < 0) {
            step.run();
        }
        assertThat(isSo.getAsBoolean()).isTrue();
    }
}
