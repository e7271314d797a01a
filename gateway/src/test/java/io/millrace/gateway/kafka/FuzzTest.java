package io.millrace.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.kafka.config.KafkaLimits;
import io.millrace.gateway.kafka.session.SessionLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Bytes that nobody should send. Whatever comes, the connection is answered or closed, and others
/// go on.
final class FuzzTest extends KafkaGatewayTest {
    private static final int ROUNDS = 300;
    private static final int FRAME_MAX = 2 << 20;

    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final Random random = new Random(seed);

    FuzzTest() {
        System.out.println("FuzzTest: -Dmillrace.seed=" + seed);
    }

    @Override
    KafkaLimits limits() {
        return new KafkaLimits(
                FRAME_MAX,
                8L << 20,
                200,
                Duration.ofMinutes(10),
                new SessionLimits(16, 64 << 10, Duration.ofSeconds(1)));
    }

    private RawKafkaClient connect() throws IOException {
        return new RawKafkaClient(gateway.port());
    }

    private void othersGoOn() throws IOException {
        try (RawKafkaClient client = connect()) {
            client.send(ApiKeys.API_VERSIONS, 0, 7, new ApiVersionsRequestData());
            ApiVersionsResponseData answer =
                    (ApiVersionsResponseData) client.receive(ApiKeys.API_VERSIONS, 0, 7);
            assertThat(answer.errorCode()).isZero();
        }
    }

    @Test
    void randomBytesAreAnsweredOrTheConnectionIsClosed() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            try (RawKafkaClient client = connect()) {
                if (random.nextBoolean()) {
                    client.sendFrame(bytes);
                } else {
                    client.sendBytes(bytes);
                }
                client.socket.shutdownOutput();
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        othersGoOn();
    }

    @Test
    void requestsWithSomeBytesChangedHarmNobody() throws Exception {
        topics.add("orders", 2);
        List<byte[]> sound = soundRequests();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
            int changes = 1 + random.nextInt(4);
            for (int k = 0; k < changes; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
            }
            try (RawKafkaClient client = connect()) {
                client.sendFrame(bytes);
                client.socket.shutdownOutput();
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        othersGoOn();
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(topics.partition("orders", 0).openRegions()).isZero());
    }

    private List<byte[]> soundRequests() {
        List<byte[]> all = new ArrayList<>();
        for (ApiKeys api : ApiKeys.values()) {
            if (api.hasValidVersion()) {
                short latest = api.messageType.highestSupportedVersion(false);
                for (short v = api.messageType.lowestSupportedVersion(); v <= latest; v++) {
                    all.add(RawKafkaClient.encoded(api, v, 1, api.messageType.newRequest()));
                }
            }
        }
        for (int v = 3; v <= 12; v++) {
            all.add(RawKafkaClient.encoded(ApiKeys.PRODUCE, v, 1, produce(records(), "orders")));
            all.add(RawKafkaClient.encoded(ApiKeys.FETCH, v + 1, 1, fetch()));
        }
        return all;
    }

    private static FetchRequestData fetch() {
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(10).setMinBytes(1);
        request.topics()
                .add(
                        new FetchRequestData.FetchTopic()
                                .setTopic("orders")
                                .setPartitions(
                                        List.of(
                                                new FetchRequestData.FetchPartition()
                                                        .setPartitionMaxBytes(1 << 20))));
        return request;
    }

    private static MemoryRecords records() {
        return MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(1L, null, new byte[] {1, 2, 3}));
    }

    private static ProduceRequestData produce(MemoryRecords records, String topic) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1_000);
        request.topicData()
                .add(
                        new TopicProduceData()
                                .setName(topic)
                                .setPartitionData(
                                        List.of(new PartitionProduceData().setRecords(records))));
        return request;
    }

    @Test
    void lengthsThatCannotBeEndTheConnection() throws Exception {
        for (int length : new int[] {-1, 0, Integer.MIN_VALUE, FRAME_MAX + 1, Integer.MAX_VALUE}) {
            try (RawKafkaClient client = connect()) {
                client.sendBytes(ByteBuffer.allocate(4).putInt(length).array());
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        othersGoOn();
    }

    @Test
    void countsThatCannotBeTakeNoMemory() throws Exception {
        byte[] sound =
                RawKafkaClient.encoded(
                        ApiKeys.METADATA, 1, 1, new MetadataRequestData().setTopics(List.of()));
        for (int count : new int[] {Integer.MAX_VALUE, 1_000_000_000, 1_000_001, 1}) {
            byte[] bytes = sound.clone();
            ByteBuffer.wrap(bytes).putInt(bytes.length - 4, count);
            try (RawKafkaClient client = connect()) {
                client.sendFrame(bytes);
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        // As many names as fit: each is an object in memory, and all of them have the same hash.
        for (int count : new int[] {520_000, 19_000}) {
            byte[] many = Arrays.copyOf(sound, sound.length + 2 * count);
            ByteBuffer.wrap(many).putInt(sound.length - 4, count);
            try (RawKafkaClient client = connect()) {
                client.sendFrame(many);
                client.socket.shutdownOutput();
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        othersGoOn();
    }

    @Test
    void onlyApiVersionsAnswersVersionsThatAreNotKnown() throws Exception {
        try (RawKafkaClient client = connect()) {
            byte[] bytes =
                    RawKafkaClient.encoded(
                            ApiKeys.API_VERSIONS, 3, 5, new ApiVersionsRequestData());
            ByteBuffer.wrap(bytes).putShort(2, (short) 99);
            client.sendFrame(bytes);
            ApiVersionsResponseData answer =
                    (ApiVersionsResponseData) client.receive(ApiKeys.API_VERSIONS, 0, 5);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys().find(ApiKeys.FETCH.id).maxVersion()).isEqualTo((short) 18);
            // The connection goes on.
            client.send(ApiKeys.API_VERSIONS, 0, 6, new ApiVersionsRequestData());
            client.receive(ApiKeys.API_VERSIONS, 0, 6);
            ByteBuffer.wrap(bytes).putShort(0, ApiKeys.METADATA.id);
            client.sendFrame(bytes);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whatIsNotAdvertisedIsNotAnswered() throws Exception {
        for (int key : new int[] {4, 71, 72, 1000, -1}) {
            try (RawKafkaClient client = connect()) {
                byte[] bytes = new byte[20];
                ByteBuffer.wrap(bytes).putShort((short) key);
                client.sendFrame(bytes);
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    @Test
    void damagedBatchesAreRefusedOneByOne() throws Exception {
        topics.add("orders", 1);
        ByteBuffer whole = records().buffer();
        byte[] batch = new byte[whole.remaining()];
        whole.get(batch);
        byte[] wrongCrc = batch.clone();
        wrongCrc[wrongCrc.length - 1] ^= 1;
        byte[] wrongMagic = batch.clone();
        wrongMagic[16] = 1;
        byte[] twice = Arrays.copyOf(batch, 2 * batch.length);
        System.arraycopy(batch, 0, twice, batch.length, batch.length);
        for (byte[] wrong :
                List.of(wrongCrc, wrongMagic, twice, Arrays.copyOf(batch, 30), new byte[100])) {
            try (RawKafkaClient client = connect()) {
                MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(wrong));
                client.send(ApiKeys.PRODUCE, 9, 1, produce(records, "orders"));
                ProduceResponseData answer =
                        (ProduceResponseData) client.receive(ApiKeys.PRODUCE, 9, 1);
                assertThat(answer.responses())
                        .singleElement()
                        .satisfies(topic ->
                                assertThat(topic.partitionResponses())
                                        .singleElement()
                                        .satisfies(part ->
                                                assertThat(part.errorCode())
                                                        .isEqualTo(Errors.CORRUPT_MESSAGE.code())));
            }
        }
        assertThat(topics.partition("orders", 0).batches()).isEmpty();
    }

    @Test
    void whoNeverReadsIsNotReadFromAndIsClosed() throws Exception {
        for (int i = 0; i < 500; i++) {
            topics.add("topic-with-a-long-name-" + i, 4);
        }
        ApiMessage all = new MetadataRequestData().setTopics(null);
        try (RawKafkaClient client = connect()) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < 1_000_000; i++) {
                                        client.send(ApiKeys.METADATA, 9, i, all);
                                    }
                                } catch (IOException _) {
                                    // The server has had enough.
                                }
                            });
            writer.join();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(gateway.connections()).isZero());
        }
        othersGoOn();
    }

    @Test
    void whoStopsInARequestIsClosed() throws Exception {
        try (RawKafkaClient client = connect()) {
            client.sendBytes(ByteBuffer.allocate(10).putInt(FRAME_MAX).array());
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void manyWhoStopInTheirRequestsDoNotStopOthers() throws Exception {
        List<RawKafkaClient> half = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawKafkaClient client = connect();
                half.add(client);
                client.sendBytes(ByteBuffer.allocate(1_000).putInt(FRAME_MAX).array());
            }
            othersGoOn();
        } finally {
            for (RawKafkaClient client : half) {
                client.close();
            }
        }
        Awaitility.await()
                .untilAsserted(() -> {
                    assertThat(gateway.connections()).isZero();
                    assertThat(gateway.inFlightBytes()).isZero();
                });
    }

    @Test
    void answersComeInTheOrderOfTheRequests() throws Exception {
        topics.add("orders", 1);
        try (RawKafkaClient client = connect()) {
            client.send(ApiKeys.FETCH, 12, 1, fetch().setMaxWaitMs(300));
            client.send(ApiKeys.API_VERSIONS, 0, 2, new ApiVersionsRequestData());
            client.send(ApiKeys.PRODUCE, 9, 3, produce(records(), "orders"));
            client.receive(ApiKeys.FETCH, 12, 1);
            client.receive(ApiKeys.API_VERSIONS, 0, 2);
            client.receive(ApiKeys.PRODUCE, 9, 3);
        }
    }
}
