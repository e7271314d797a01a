package io.millrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Kind;
import io.millrace.broker.Topics.Reply;
import io.millrace.broker.Topics.Topic;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetches and offsets as they are on the wire, in old and new versions.
final class FetchTest extends KafkaGatewayTest {
    private RawKafkaClient client;
    private int correlation;

    @BeforeEach
    void connect() throws IOException {
        client = new RawKafkaClient(gateway.port());
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    private void append(String topic, int partition, MemoryRecords records) {
        ByteBuffer buffer = records.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        topics.append(
                Principal.LOCAL,
                topic,
                partition,
                new ProducedBatch(bytes, 0),
                new Reply() {
                    @Override
                    public void stored(long baseOffset, long startOffset) {}

                    @Override
                    public void failed(MillraceException problem) {
                        throw problem;
                    }
                });
    }

    private void append(String topic, int partition, int bytes) {
        append(
                topic,
                partition,
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(1_000, null, new byte[bytes])));
    }

    private static FetchPartition partition(int index, long offset) {
        return new FetchPartition()
                .setPartition(index)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1 << 20);
    }

    private static FetchRequestData request(String topic, FetchPartition... partitions) {
        FetchRequestData request =
                new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setMaxBytes(1 << 20);
        if (partitions.length > 0) {
            request.topics()
                    .add(new FetchTopic().setTopic(topic).setPartitions(List.of(partitions)));
        }
        return request;
    }

    private FetchResponseData fetch(int version, FetchRequestData request) throws IOException {
        correlation++;
        client.send(ApiKeys.FETCH, version, correlation, request);
        return (FetchResponseData) client.receive(ApiKeys.FETCH, version, correlation);
    }

    private static List<PartitionData> partitions(FetchResponseData response) {
        List<PartitionData> all = new ArrayList<>();
        response.responses().forEach(topic -> all.addAll(topic.partitions()));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyVersionGivesTheSame(int version) throws Exception {
        topics.add("orders", 2);
        append("orders", 1, 10);
        append("orders", 1, 40_000);
        FetchResponseData response =
                fetch(version, request("orders", partition(0, 0), partition(1, 0)));
        assertThat(partitions(response))
                .satisfiesExactly(
                        empty -> assertThat(empty.records().sizeInBytes()).isZero(),
                        full -> {
                            assertThat(full.records().sizeInBytes()).isGreaterThan(40_010);
                            assertThat(full.highWatermark()).isEqualTo(2);
                        });
    }

    @Test
    void topicsAreFoundByTheirIds() throws Exception {
        Topic topic = topics.add("orders", 1);
        append("orders", 0, 10);
        FetchRequestData request = request("", partition(0, 0));
        request.topics().getFirst().setTopicId(TopicNames.kafka(topic.id()));
        request.topics()
                .add(
                        new FetchTopic()
                                .setTopicId(Uuid.randomUuid())
                                .setPartitions(List.of(partition(0, 0))));
        for (int version = 13; version <= 18; version++) {
            assertThat(partitions(fetch(version, request)))
                    .satisfiesExactly(
                            known -> assertThat(known.records().sizeInBytes()).isPositive(),
                            unknown ->
                                    assertThat(unknown.errorCode())
                                            .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code()));
        }
    }

    @Test
    void whatCannotBeFetchedSaysWhy() throws Exception {
        topics.add("orders", 1);
        Topic jobs = topics.add("jobs", Kind.QUEUE, 10);
        append("orders", 0, 10);
        FetchRequestData request = request("orders", partition(0, 5), partition(1, 0));
        request.topics()
                .add(new FetchTopic().setTopic("absent").setPartitions(List.of(partition(0, 0))));
        List<PartitionData> answers = partitions(fetch(11, request));
        assertThat(answers)
                .extracting(PartitionData::errorCode)
                .containsExactly(
                        Errors.OFFSET_OUT_OF_RANGE.code(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(answers.getFirst().logStartOffset()).isZero();
        assertThat(answers.getFirst().highWatermark()).isEqualTo(1);
        for (boolean isById : new boolean[] {false, true}) {
            FetchRequestData queue = request(isById ? "" : "jobs", partition(0, 0));
            if (isById) {
                queue.topics().getFirst().setTopicId(TopicNames.kafka(jobs.id()));
            }
            queue.setMaxWaitMs(60_000);
            assertThat(partitions(fetch(isById ? 13 : 11, queue)).getFirst().errorCode())
                    .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        FetchRequestData newer = request("orders", partition(0, 0).setCurrentLeaderEpoch(3));
        assertThat(partitions(fetch(11, newer)).getFirst().errorCode())
                .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    }

    @Test
    void anAnswerIsAsLargeAsAllowedAndOneBatchAtLeast() throws Exception {
        topics.add("orders", 3);
        for (int i = 0; i < 3; i++) {
            append("orders", i, 30_000);
            append("orders", i, 30_000);
        }
        FetchRequestData request =
                request("orders", partition(0, 0), partition(1, 0), partition(2, 0));
        List<PartitionData> small = partitions(fetch(11, request.setMaxBytes(10)));
        assertThat(small.stream().filter(each -> each.records().sizeInBytes() > 0)).hasSize(1);
        List<PartitionData> more = partitions(fetch(11, request.setMaxBytes(100_000)));
        assertThat(more.stream().mapToInt(each -> each.records().sizeInBytes()).sum())
                .isBetween(60_000, 130_000);
    }

    @Test
    void aSessionTellsOnlyNews() throws Exception {
        topics.add("orders", 3);
        append("orders", 0, 10);
        FetchResponseData first =
                fetch(
                        11,
                        request("orders", partition(0, 0), partition(1, 0), partition(2, 0))
                                .setSessionEpoch(0));
        assertThat(first.sessionId()).isPositive();
        assertThat(partitions(first)).hasSize(3);
        int id = first.sessionId();

        FetchRequestData next = request("orders", partition(0, 1));
        FetchResponseData second = fetch(11, next.setSessionId(id).setSessionEpoch(1));
        assertThat(partitions(second)).isEmpty();
        append("orders", 2, 10);
        FetchResponseData third = fetch(11, request("").setSessionId(id).setSessionEpoch(2));
        assertThat(partitions(third))
                .singleElement()
                .satisfies(news -> assertThat(news.partitionIndex()).isEqualTo(2));

        FetchRequestData forget = request("").setSessionId(id).setSessionEpoch(3);
        forget.forgottenTopicsData()
                .add(new ForgottenTopic().setTopic("orders").setPartitions(List.of(2)));
        assertThat(partitions(fetch(11, forget))).isEmpty();
        append("orders", 1, 10);
        append("orders", 2, 10);
        assertThat(partitions(fetch(11, request("").setSessionId(id).setSessionEpoch(4))))
                .singleElement()
                .satisfies(news -> assertThat(news.partitionIndex()).isEqualTo(1));

        // Out of turn.
        assertThat(fetch(11, request("").setSessionId(id).setSessionEpoch(4)).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(fetch(11, request("").setSessionId(id + 1).setSessionEpoch(1)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        // The end, after which there is none.
        assertThat(fetch(11, request("").setSessionId(id).setSessionEpoch(-1)).sessionId())
                .isZero();
        assertThat(fetch(11, request("").setSessionId(id).setSessionEpoch(5)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }

    @Test
    void readersOfCommittedRecordsSeeUpToTheFirstOpenTransaction() throws Exception {
        topics.add("orders", 1);
        append("orders", 0, 10);
        append(
                "orders",
                0,
                MemoryRecords.withTransactionalRecords(
                        Compression.NONE, 7, (short) 0, 0, new SimpleRecord(new byte[10])));
        append("orders", 0, 10);
        FetchRequestData committed = request("orders", partition(0, 0)).setIsolationLevel((byte) 1);
        PartitionData open = partitions(fetch(11, committed)).getFirst();
        assertThat(open.lastStableOffset()).isEqualTo(1);
        assertThat(open.highWatermark()).isEqualTo(3);
        assertThat(open.abortedTransactions()).isEmpty();
        assertThat(open.records().sizeInBytes()).isLessThan(100);
        FetchRequestData behind = request("orders", partition(0, 1)).setIsolationLevel((byte) 1);
        assertThat(partitions(fetch(11, behind)).getFirst().records().sizeInBytes()).isZero();
        assertThat(latest((byte) 1)).isEqualTo(1);
        assertThat(latest((byte) 0)).isEqualTo(3);

        topics.mark(
                "orders",
                0,
                new TransactionMarker(7, (short) 0, 0, false),
                new Reply() {
                    @Override
                    public void stored(long baseOffset, long startOffset) {}

                    @Override
                    public void failed(MillraceException problem) {
                        throw problem;
                    }
                });
        PartitionData ended = partitions(fetch(11, committed)).getFirst();
        assertThat(ended.abortedTransactions())
                .singleElement()
                .satisfies(aborted -> {
                    assertThat(aborted.producerId()).isEqualTo(7);
                    assertThat(aborted.firstOffset()).isEqualTo(1);
                });
        assertThat(ended.lastStableOffset()).isEqualTo(3);
    }

    private long latest(byte isolation) throws IOException {
        ListOffsetsRequestData request =
                new ListOffsetsRequestData().setReplicaId(-1).setIsolationLevel(isolation);
        request.topics()
                .add(
                        new ListOffsetsTopic()
                                .setName("orders")
                                .setPartitions(
                                        List.of(new ListOffsetsPartition().setTimestamp(-1))));
        correlation++;
        int version = 2 + correlation % 10;
        client.send(ApiKeys.LIST_OFFSETS, version, correlation, request);
        ListOffsetsResponseData answer =
                (ListOffsetsResponseData)
                        client.receive(ApiKeys.LIST_OFFSETS, version, correlation);
        return answer.topics().getFirst().partitions().getFirst().offset();
    }

    @Test
    void theOnlyEpochEndsAtTheEnd() throws Exception {
        topics.add("orders", 1);
        append("orders", 0, 10);
        for (int version = 2; version <= 4; version++) {
            for (int epoch : new int[] {0, 1}) {
                OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
                request.topics()
                        .add(
                                new OffsetForLeaderTopic()
                                        .setTopic("orders")
                                        .setPartitions(
                                                List.of(
                                                        new OffsetForLeaderPartition()
                                                                .setLeaderEpoch(epoch))));
                correlation++;
                client.send(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, correlation, request);
                OffsetForLeaderEpochResponseData answer =
                        (OffsetForLeaderEpochResponseData)
                                client.receive(
                                        ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, correlation);
                assertThat(answer.topics().iterator().next().partitions().getFirst().endOffset())
                        .isEqualTo(epoch == 0 ? 1 : -1);
            }
        }
    }
}
