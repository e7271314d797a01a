package io.millrace.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Precondition;
import io.millrace.config.DocumentReader;
import io.millrace.event.Bytes;
import io.millrace.resource.ResourceReader;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kafka's own share consumer on streams and queues.
final class RealSharesTest extends RealBrokerTest {
    private static final Duration POLL = Duration.ofMillis(100);

    /// What stands behind the topic.
    enum Source {
        STREAM,
        QUEUE
    }

    private void prepare(Source source) throws Exception {
        configure(
                "group",
                Map.of(
                        "share.auto.offset.reset", "earliest",
                        "share.heartbeat.interval.ms", "200"));
        switch (source) {
            case STREAM -> create("work", 2);
            case QUEUE ->
                    broker.administration()
                            .put(
                                    Principal.LOCAL,
                                    new ResourceReader()
                                            .readOne(
                                                    Bytes.utf8(
                                                            "{\"kind\":\"Queue\",\"name\":\"work\",\"lease\":\"10m\"}"),
                                                    DocumentReader.Format.JSON,
                                                    "Queue",
                                                    "work"),
                                    Precondition.NONE);
        }
    }

    private ShareConsumer<byte[], byte[]> consumer(String mode) {
        return consumer(mode, Map.of());
    }

    private ShareConsumer<byte[], byte[]> consumer(String mode, Map<String, String> more) {
        Properties properties = client();
        properties.putAll(more);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "group");
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, mode);
        ShareConsumer<byte[], byte[]> consumer =
                new KafkaShareConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of("work"));
        return consumer;
    }

    private void produce(int from, int to) {
        produce("work", 2, IntStream.range(from, to).mapToObj(i -> "w" + i).toList());
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void whatIsPolledIsAcknowledgedByTheNextPoll(Source source) throws Exception {
        prepare(source);
        produce(0, 20);
        List<String> read = new ArrayList<>();
        try (ShareConsumer<byte[], byte[]> one = consumer("implicit");
                ShareConsumer<byte[], byte[]> other = consumer("implicit")) {
            until(
                    () -> read.size() >= 20,
                    () -> {
                        one.poll(POLL).forEach(each -> read.add(text(each)));
                        other.poll(POLL).forEach(each -> read.add(text(each)));
                    });
            assertThat(one.commitSync().values()).allMatch(problem -> problem.isEmpty());
            assertThat(other.commitSync().values()).allMatch(problem -> problem.isEmpty());
        }
        produce(20, 24);
        try (ShareConsumer<byte[], byte[]> later = consumer("implicit")) {
            until(
                    () -> read.size() >= 24,
                    () -> later.poll(POLL).forEach(each -> read.add(text(each))));
        }
        assertThat(read).doesNotHaveDuplicates().hasSize(24);
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void eachIsAcknowledgedAsItIsSaid(Source source) throws Exception {
        prepare(source);
        produce(0, 12);
        TreeMap<String, List<Integer>> deliveries = new TreeMap<>();
        TreeSet<String> accepted = new TreeSet<>();
        try (ShareConsumer<byte[], byte[]> consumer = consumer("explicit")) {
            until(
                    () -> accepted.size() >= 8,
                    () -> {
                        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                            String text = text(each);
                            int count = each.deliveryCount().orElseThrow();
                            deliveries.computeIfAbsent(text, _ -> new ArrayList<>()).add(count);
                            AcknowledgeType type = type(text, count);
                            consumer.acknowledge(each, type);
                            if (type == AcknowledgeType.ACCEPT) {
                                accepted.add(text);
                            }
                        }
                        assertThat(consumer.commitSync().values())
                                .allMatch(problem -> problem.isEmpty());
                    });
        }
        produce(12, 13);
        try (ShareConsumer<byte[], byte[]> later = consumer("implicit")) {
            List<String> rest = new ArrayList<>();
            until(
                    () -> !rest.isEmpty(),
                    () -> later.poll(POLL).forEach(each -> rest.add(text(each))));
            assertThat(rest).containsExactly("w12");
        }
        for (int i = 0; i < 12; i++) {
            List<Integer> expected = i % 3 == 1 ? List.of(1, 2) : List.of(1);
            assertThat(deliveries).containsEntry("w" + i, expected);
        }
    }

    /// A client closes connections that it does not use itself, and remains a member meanwhile.
    @ParameterizedTest
    @EnumSource(Source.class)
    void whatAConsumerHoldsIsGivenOutAgainWhenItsConnectionEnds(Source source) throws Exception {
        prepare(source);
        configure("group", Map.of("share.record.lock.duration.ms", "60000"));
        produce(0, 4);
        List<String> held = new ArrayList<>();
        TreeMap<String, Short> deliveries = new TreeMap<>();
        Map<String, String> impatient =
                Map.of(CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG, "1000");
        try (ShareConsumer<byte[], byte[]> silent = consumer("explicit", impatient);
                ShareConsumer<byte[], byte[]> other = consumer("implicit")) {
            until(
                    () -> !held.isEmpty(),
                    () -> silent.poll(POLL).forEach(each -> held.add(text(each))));
            until(
                    () -> deliveries.size() >= 4,
                    () ->
                            other.poll(POLL)
                                    .forEach(each ->
                                            deliveries.put(
                                                    text(each),
                                                    each.deliveryCount().orElseThrow())));
            assertThat(other.commitSync().values()).allMatch(problem -> problem.isEmpty());
        }
        assertThat(held).allSatisfy(each -> assertThat(deliveries).containsEntry(each, (short) 2));
    }

    /// One of three is given back the first time, and one of three is refused.
    private static AcknowledgeType type(String text, int count) {
        return switch (Integer.parseInt(text.substring(1)) % 3) {
            case 0 -> AcknowledgeType.ACCEPT;
            case 1 -> count == 1 ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT;
            default -> AcknowledgeType.REJECT;
        };
    }
}
