package io.millrace.gateway.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.LogRegion;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RequestCodecTest {
    private static final int CORRELATION = 77;
    private final RequestCodec codec =
            new RequestCodec(new ApiTable(EnumSet.allOf(ApiKeys.class), Map.of()));

    /// As Kafka's own client encodes it.
    private static byte[] encoded(ApiKeys api, short version, ApiMessage message) {
        RequestHeader header = new RequestHeader(api, version, "client", CORRELATION);
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] all = new byte[head.remaining() + body.remaining()];
        int size = head.remaining();
        head.get(all, 0, size);
        body.get(all, size, body.remaining());
        return all;
    }

    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void everyVersionOfEveryRequestAndAnswerPasses(ApiKeys api) throws Exception {
        if (!api.hasValidVersion()) {
            return;
        }
        short min = api == ApiKeys.SASL_HANDSHAKE ? 1 : api.messageType.lowestSupportedVersion();
        short max = api.messageType.highestSupportedVersion(false);
        for (short version = min; version <= max; version++) {
            ApiMessage message = api.messageType.newRequest();
            Request request = codec.decode(encoded(api, version, message));
            assertThat(request.api()).isEqualTo(api);
            assertThat(request.version()).isEqualTo(version);
            assertThat(request.correlation()).isEqualTo(CORRELATION);
            assertThat(request.clientId()).isEqualTo("client");
            assertThat(request.message()).isNotNull();

            ApiMessage answer = api.messageType.newResponse();
            EncodedAnswer encoded = codec.encode(request, answer);
            ByteBuffer bytes = ByteBuffer.wrap(encoded.bytes());
            assertThat(bytes.getInt()).isEqualTo(bytes.remaining()).isPositive();
            ResponseHeader header = ResponseHeader.parse(bytes, api.responseHeaderVersion(version));
            assertThat(header.correlationId()).isEqualTo(CORRELATION);
            ApiMessage read = api.messageType.newResponse();
            read.read(new ByteBufferAccessor(bytes), version);
            assertThat(bytes.hasRemaining()).isFalse();
        }
    }

    @Test
    void recordsOfAProduceRequestAreNotCopied() throws Exception {
        MemoryRecords records =
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[] {1, 2}));
        ProduceRequestData data = new ProduceRequestData().setAcks((short) 1);
        data.topicData()
                .add(
                        new ProduceRequestData.TopicProduceData()
                                .setName("t")
                                .setPartitionData(
                                        List.of(
                                                new ProduceRequestData.PartitionProduceData()
                                                        .setRecords(records))));
        byte[] frame = encoded(ApiKeys.PRODUCE, (short) 9, data);
        Request request = codec.decode(frame);
        ProduceRequestData read = (ProduceRequestData) Objects.requireNonNull(request.message());
        RequestRecords slice =
                Objects.requireNonNull(
                        RequestRecords.of(
                                read.topicData().iterator().next().partitionData().getFirst()));
        assertThat(slice.bytes()).isSameAs(frame);
        assertThat(slice.length()).isEqualTo(records.sizeInBytes());
        assertThat(Arrays.copyOfRange(slice.bytes(), slice.from(), slice.from() + slice.length()))
                .isEqualTo(records.buffer().array());
    }

    @Test
    void recordsOfAnAnswerStayWhereTheyAre() throws Exception {
        byte[] small = {1, 2, 3};
        Region large = new Region(StoredRecords.COPIED_MAX + 1);
        FetchResponseData data = new FetchResponseData();
        FetchResponseData.FetchableTopicResponse topic =
                new FetchResponseData.FetchableTopicResponse().setTopic("t");
        topic.partitions()
                .add(new FetchResponseData.PartitionData().setRecords(StoredRecords.of(small)));
        topic.partitions()
                .add(
                        new FetchResponseData.PartitionData()
                                .setPartitionIndex(1)
                                .setRecords(new StoredRecords(large)));
        data.responses().add(topic);
        Request request =
                codec.decode(
                        encoded(ApiKeys.FETCH, (short) 12, ApiKeys.FETCH.messageType.newRequest()));
        EncodedAnswer answer = codec.encode(request, data);
        assertThat(answer.splices()).hasSize(2);
        assertThat(answer.splices().getLast().records().region()).isSameAs(large);
        assertThat(large.closed).isFalse();

        ByteBuffer whole = ByteBuffer.allocate((int) answer.size());
        int from = 0;
        for (EncodedAnswer.Splice splice : answer.splices()) {
            whole.put(answer.bytes(), from, splice.at() - from);
            from = splice.at();
            LogRegion region = splice.records().region();
            whole.put(region == null ? splice.records().bytes() : new byte[region.size()]);
        }
        whole.put(answer.bytes(), from, answer.bytes().length - from).flip();
        assertThat(whole.getInt()).isEqualTo(whole.remaining());
        ResponseHeader.parse(whole, ApiKeys.FETCH.responseHeaderVersion((short) 12));
        FetchResponseData read = new FetchResponseData();
        read.read(new ByteBufferAccessor(whole), (short) 12);
        List<FetchResponseData.PartitionData> partitions = read.responses().getFirst().partitions();
        assertThat(partitions.getFirst().records().sizeInBytes()).isEqualTo(3);
        assertThat(partitions.getLast().records().sizeInBytes()).isEqualTo(large.size());
        answer.close();
        assertThat(large.closed).isTrue();
    }

    @Test
    void tooManyFieldsAreRefused() {
        byte[] names = new byte[500_000];
        byte[] sound =
                encoded(
                        ApiKeys.METADATA,
                        (short) 1,
                        new MetadataRequestData().setTopics(List.of()));
        byte[] all = Arrays.copyOf(sound, sound.length + names.length);
        ByteBuffer.wrap(all).putInt(sound.length - 4, 200_000);
        assertThatThrownBy(() -> codec.decode(all))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("fields");
    }

    /// Whoever adds a request with a hash table is told to bound it.
    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void requestsWithHashTablesAreBoundedMore(ApiKeys api) {
        if (!api.hasValidVersion()
                || !ApiKeys.brokerApis().contains(api)
                || RequestCodec.HASHED.contains(api)) {
            return;
        }
        assertThat(api.messageType.newRequest().getClass().getDeclaredClasses())
                .noneMatch(type -> type.getSimpleName().endsWith("Collection"));
    }

    @Test
    void failuresBecomeTheAnswerOfTheApi() throws Exception {
        // An empty request about access lists is none, which Kafka's classes find as they are made.
        EnumSet<ApiKeys> apis =
                EnumSet.complementOf(
                        EnumSet.of(
                                ApiKeys.DESCRIBE_ACLS, ApiKeys.CREATE_ACLS, ApiKeys.DELETE_ACLS));
        apis.retainAll(ApiKeys.brokerApis());
        for (ApiKeys api : apis) {
            short version = api.messageType.highestSupportedVersion(false);
            Request request = codec.decode(encoded(api, version, api.messageType.newRequest()));
            ApiMessage answer = codec.failure(request, new IllegalStateException("x"));
            assertThat(answer == null || codec.encode(request, answer).size() > 0)
                    .as(api.name)
                    .isTrue();
        }
    }

    private static final class Region implements LogRegion {
        private final int size;
        private boolean closed;

        Region(int size) {
            this.size = size;
        }

        @Override
        public long endOffset() {
            return 0;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public long transferTo(long position, WritableByteChannel target) {
            return 0;
        }

        @Override
        public void read(ByteBuffer target, int position) {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
