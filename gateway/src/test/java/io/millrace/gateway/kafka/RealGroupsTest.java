package io.millrace.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kafka's own consumers in groups, by the classic protocol and by that of KIP-848.
final class RealGroupsTest extends RealBrokerTest {
    private static final Duration POLL = Duration.ofMillis(50);

    @BeforeEach
    void orders() throws Exception {
        create("orders", 4);
        configure("group", Map.of("consumer.heartbeat.interval.ms", "200"));
    }

    private KafkaConsumer<byte[], byte[]> consumer(
            GroupProtocol protocol, Map<String, String> more) {
        Properties properties = client();
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "group");
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name());
        if (protocol == GroupProtocol.CLASSIC) {
            properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "200");
        }
        properties.putAll(more);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void produce(int from, int to) {
        produce("orders", 4, IntStream.range(from, to).mapToObj(i -> "o" + i).toList());
    }

    /// Polls all of them until something is so.
    @SafeVarargs
    private static void until(
            BooleanSupplier isSo, List<String> read, KafkaConsumer<byte[], byte[]>... consumers) {
        until(
                isSo,
                () -> {
                    for (KafkaConsumer<byte[], byte[]> each : consumers) {
                        for (ConsumerRecord<byte[], byte[]> record : each.poll(POLL)) {
                            read.add(new String(record.value(), UTF_8));
                        }
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void twoMembersShareAndGoOnWhereTheyWere(GroupProtocol protocol) {
        produce(0, 100);
        List<String> read = new ArrayList<>();
        try (var one = consumer(protocol, Map.of());
                var other = consumer(protocol, Map.of())) {
            one.subscribe(List.of("orders"));
            until(() -> read.size() == 100, read, one);
            one.commitSync();
            other.subscribe(List.of("orders"));
            until(
                    () -> one.assignment().size() == 2 && other.assignment().size() == 2,
                    read,
                    one,
                    other);
            Set<TopicPartition> all = new HashSet<>(one.assignment());
            all.addAll(other.assignment());
            assertThat(all).hasSize(4);
            produce(100, 140);
            until(() -> read.size() == 140, read, one, other);
            one.commitSync();
            other.commitSync();
        }
        produce(140, 144);
        try (var later = consumer(protocol, Map.of())) {
            later.subscribe(List.of("orders"));
            until(() -> read.size() == 144, read, later);
        }
        assertThat(read).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void aStaticMemberComesBackToItsPartitions(GroupProtocol protocol) {
        List<String> read = new ArrayList<>();
        Map<String, String> staticId = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "two");
        try (var one = consumer(protocol, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one"))) {
            one.subscribe(List.of("orders"));
            Set<TopicPartition> had;
            try (var two = consumer(protocol, staticId)) {
                two.subscribe(List.of("orders"));
                until(
                        () -> one.assignment().size() == 2 && two.assignment().size() == 2,
                        read,
                        one,
                        two);
                had = Set.copyOf(two.assignment());
            }
            try (var again = consumer(protocol, staticId)) {
                again.subscribe(List.of("orders"));
                until(() -> !again.assignment().isEmpty(), read, one, again);
                assertThat(again.assignment()).isEqualTo(had);
                assertThat(one.assignment()).hasSize(2);
            }
        }
    }

    @Test
    void aGroupGoesOverToTheNewProtocolWhileItRuns() {
        List<String> read = new ArrayList<>();
        try (var classic = consumer(GroupProtocol.CLASSIC, Map.of());
                var modern = consumer(GroupProtocol.CONSUMER, Map.of())) {
            classic.subscribe(List.of("orders"));
            until(() -> classic.assignment().size() == 4, read, classic);
            modern.subscribe(List.of("orders"));
            until(
                    () -> classic.assignment().size() == 2 && modern.assignment().size() == 2,
                    read,
                    classic,
                    modern);
        }
    }

    @Test
    void theServerSaysWhatIsConfigured() throws Exception {
        ConfigResource server = new ConfigResource(ConfigResource.Type.BROKER, "0");
        try (Admin admin = Admin.create(client())) {
            assertThat(admin.describeConfigs(List.of(server)).all().get())
                    .hasEntrySatisfying(
                            server,
                            said -> {
                                assertThat(said.get("num.partitions").value())
                                        .isEqualTo(Integer.toString(PARTITIONS));
                                assertThat(said.get("log.flush.interval.messages").value())
                                        .isEqualTo(Long.toString(Long.MAX_VALUE));
                                assertThat(said.get("group.initial.rebalance.delay.ms").value())
                                        .isEqualTo("0");
                            });
        }
    }

    @Test
    void toolsSeeGroupsAndTheirOffsets() throws Exception {
        TopicPartition partition = new TopicPartition("orders", 1);
        try (Admin admin = Admin.create(client())) {
            admin.alterConsumerGroupOffsets("group", Map.of(partition, new OffsetAndMetadata(7)))
                    .all()
                    .get();
            assertThat(
                            admin.listConsumerGroupOffsets("group")
                                    .partitionsToOffsetAndMetadata()
                                    .get())
                    .hasEntrySatisfying(
                            partition, found -> assertThat(found.offset()).isEqualTo(7));
            assertThat(admin.listGroups().all().get()).hasSize(1);
            try (var member = consumer(GroupProtocol.CONSUMER, Map.of())) {
                member.subscribe(List.of("orders"));
                until(() -> member.assignment().size() == 4, new ArrayList<>(), member);
                var described = admin.describeConsumerGroups(List.of("group")).all().get();
                assertThat(described)
                        .hasEntrySatisfying(
                                "group",
                                group ->
                                        assertThat(group.members())
                                                .singleElement()
                                                .satisfies(only ->
                                                        assertThat(
                                                                        only.assignment()
                                                                                .topicPartitions())
                                                                .hasSize(4)));
            }
            admin.deleteConsumerGroups(List.of("group")).all().get();
            assertThat(admin.listGroups().all().get()).isEmpty();
        }
    }
}
