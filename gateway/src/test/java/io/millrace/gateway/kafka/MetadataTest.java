package io.millrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients are told about topics, in old and new versions.
final class MetadataTest extends KafkaGatewayTest {
    @Override
    boolean createsTopics() {
        return false;
    }

    private MetadataResponseData ask(int version, MetadataRequestData request) throws Exception {
        try (RawKafkaClient client = new RawKafkaClient(gateway.port())) {
            client.send(ApiKeys.METADATA, version, version, request);
            return (MetadataResponseData) client.receive(ApiKeys.METADATA, version, version);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void everyVersionTellsTheSame(int version) throws Exception {
        topics.add("orders", 2);
        topics.add("other", 1);
        MetadataRequestData all =
                new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
        assertThat(ask(version, all).topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactlyInAnyOrder("orders", "other");
        MetadataRequestData some =
                new MetadataRequestData()
                        .setTopics(List.of(named("orders"), named("absent"), named("a b")));
        MetadataResponseData answer = ask(version, some);
        assertThat(answer.brokers())
                .singleElement()
                .satisfies(broker -> {
                    assertThat(broker.host()).isEqualTo("127.0.0.1");
                    assertThat(broker.port()).isEqualTo(gateway.port());
                });
        assertThat(answer.topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(
                        Errors.NONE.code(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
                        Errors.INVALID_TOPIC_EXCEPTION.code());
        assertThat(answer.topics().iterator().next().partitions()).hasSize(2);
    }

    private static MetadataRequestTopic named(String name) {
        return new MetadataRequestTopic().setName(name);
    }

    @Test
    void topicsAreToldInPieces() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            topics.add(name, 4);
        }
        DescribeTopicPartitionsRequestData request =
                new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(3);
        StringBuilder told = new StringBuilder();
        int rounds = 0;
        try (RawKafkaClient client = new RawKafkaClient(gateway.port())) {
            boolean goesOn = true;
            while (goesOn) {
                rounds++;
                client.send(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, rounds, request);
                DescribeTopicPartitionsResponseData answer =
                        (DescribeTopicPartitionsResponseData)
                                client.receive(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, rounds);
                answer.topics()
                        .forEach(topic ->
                                topic.partitions()
                                        .forEach(each ->
                                                told.append(topic.name())
                                                        .append(each.partitionIndex())));
                goesOn = answer.nextCursor() != null;
                if (goesOn) {
                    request.setCursor(
                            new Cursor()
                                    .setTopicName(answer.nextCursor().topicName())
                                    .setPartitionIndex(answer.nextCursor().partitionIndex()));
                }
            }
        }
        assertThat(told).hasToString("a0a1a2a3b0b1b2b3c0c1c2c3");
        assertThat(rounds).isEqualTo(4);
    }
}
