package io.millrace.gateway.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.FakeSerial;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.FakeTopics.Marked;
import io.millrace.gateway.kafka.produce.TransactionCheck.Write;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.Peer;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionApiTest {
    private final FakeTopics topics = new FakeTopics();
    private final List<String> offsets = new ArrayList<>();
    private FakeTable table = new FakeTable();
    private FakeSerial serial = new FakeSerial();
    private TransactionApi api = begin();

    private TransactionApi begin() {
        TransactionApi begun =
                new TransactionApi(topics, table, serial, TransactionLimits.DEFAULTS);
        begun.start((producerId, epoch, isCommit) -> {
            offsets.add("%d/%d %s".formatted(producerId, epoch, isCommit));
            return CompletableFuture.completedFuture(null);
        });
        serial.runPending();
        return begun;
    }

    private void crash() {
        table = table.crashed();
        serial = new FakeSerial(serial.nowMillis());
        api = begin();
    }

    /// Keeps what is answered.
    private static final class Kept implements Answer {
        private @Nullable ApiMessage response;

        @Override
        public Future<?> later(Runnable action, long millis) {
            throw new RejectedExecutionException("nothing here waits");
        }

        @Override
        public void send(ApiMessage sent) {
            assertThat(response).as("only one answer").isNull();
            response = sent;
        }

        @Override
        public void none() {
            throw new AssertionError("an answer is wanted");
        }

        @Override
        public void close(String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public boolean isGone() {
            return false;
        }
    }

    private Kept begin(ApiKeys key, int version, ApiMessage message) {
        Kept answer = new Kept();
        KafkaRequest request =
                new KafkaRequest(
                        key,
                        (short) version,
                        "client",
                        message,
                        new Peer(1, "/127.0.0.1", Principal.LOCAL));
        Objects.requireNonNull(api.handlers().get(key)).handle(request, answer);
        serial.runPending();
        return answer;
    }

    private <T> T ask(ApiKeys key, int version, ApiMessage message, Class<T> type) {
        return type.cast(Objects.requireNonNull(begin(key, version, message).response));
    }

    private InitProducerIdResponseData initialize(@Nullable String id, int version) {
        return ask(
                ApiKeys.INIT_PRODUCER_ID,
                version,
                new InitProducerIdRequestData()
                        .setTransactionalId(id)
                        .setTransactionTimeoutMs(60_000),
                InitProducerIdResponseData.class);
    }

    private Errors add(ProducerIdentity producer, String topic, int partition) {
        AddPartitionsToTxnTopicCollection all = new AddPartitionsToTxnTopicCollection();
        all.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partition)));
        AddPartitionsToTxnResponseData response =
                ask(
                        ApiKeys.ADD_PARTITIONS_TO_TXN,
                        3,
                        new AddPartitionsToTxnRequestData()
                                .setV3AndBelowTransactionalId("id")
                                .setV3AndBelowProducerId(producer.producerId())
                                .setV3AndBelowProducerEpoch(producer.epoch())
                                .setV3AndBelowTopics(all),
                        AddPartitionsToTxnResponseData.class);
        return Errors.forCode(
                response.resultsByTopicV3AndBelow()
                        .find(topic)
                        .resultsByPartition()
                        .find(partition)
                        .partitionErrorCode());
    }

    private static EndTxnRequestData end(ProducerIdentity producer, boolean commit) {
        return new EndTxnRequestData()
                .setTransactionalId("id")
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setCommitted(commit);
    }

    private static ProducerIdentity identity(InitProducerIdResponseData response) {
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        return new ProducerIdentity(response.producerId(), response.producerEpoch());
    }

    private static Marked marked(String topic, int partition, ProducerIdentity by, boolean commit) {
        return new Marked(
                topic, partition, new TransactionMarker(by.producerId(), by.epoch(), 0, commit));
    }

    @Test
    void noProducerIdIsGivenTwiceAlsoAfterCrashes() {
        Set<Long> ids = new HashSet<>();
        for (int life = 0; life < 3; life++) {
            for (int i = 0; i < 1_500; i++) {
                assertThat(ids.add(identity(initialize(null, 4)).producerId())).isTrue();
            }
            crash();
        }
    }

    @Test
    void noProducerIdIsGivenBeforeItIsKept() {
        table.hold();
        Kept answer =
                begin(
                        ApiKeys.INIT_PRODUCER_ID,
                        4,
                        new InitProducerIdRequestData().setTransactionalId(null));
        assertThat(answer.response).isNull();
        table.release();
        serial.runPending();
        assertThat(answer.response).isNotNull();
    }

    @Test
    void theOutcomeIsWrittenToAllPartitionsAndTheOffsets() {
        topics.add("a", 2);
        topics.add("b", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        assertThat(add(producer, "a", 1)).isEqualTo(Errors.NONE);
        assertThat(add(producer, "b", 0)).isEqualTo(Errors.NONE);
        AddOffsetsToTxnResponseData added =
                ask(
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        3,
                        new AddOffsetsToTxnRequestData()
                                .setTransactionalId("id")
                                .setProducerId(producer.producerId())
                                .setProducerEpoch(producer.epoch())
                                .setGroupId("group"),
                        AddOffsetsToTxnResponseData.class);
        assertThat(Errors.forCode(added.errorCode())).isEqualTo(Errors.NONE);
        EndTxnResponseData ended =
                ask(ApiKeys.END_TXN, 3, end(producer, true), EndTxnResponseData.class);
        assertThat(Errors.forCode(ended.errorCode())).isEqualTo(Errors.NONE);
        assertThat(topics.marked())
                .containsExactly(marked("a", 1, producer, true), marked("b", 0, producer, true));
        assertThat(offsets).containsExactly("%d/%d true".formatted(producer.producerId(), 0));
    }

    @Test
    void theOutcomeIsWrittenAfterItIsOnDiskAndOnceMoreAfterACrash() {
        topics.add("a", 1);
        ProducerIdentity producer = identity(initialize("id", 5));
        add(producer, "a", 0);
        table.hold();
        Kept ended = begin(ApiKeys.END_TXN, 5, end(producer, true));
        assertThat(ended.response).isNull();
        assertThat(topics.marked()).isEmpty();
        table.releaseOne();
        serial.runPending();
        EndTxnResponseData response = (EndTxnResponseData) Objects.requireNonNull(ended.response);
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        ProducerIdentity next =
                new ProducerIdentity(response.producerId(), response.producerEpoch());
        assertThat(next).isEqualTo(new ProducerIdentity(producer.producerId(), (short) 1));
        assertThat(topics.marked()).containsExactly(marked("a", 0, next, true));

        // That all were told is not on disk yet.
        crash();
        assertThat(topics.marked())
                .containsExactly(marked("a", 0, next, true), marked("a", 0, next, true));
        EndTxnResponseData again =
                ask(ApiKeys.END_TXN, 5, end(producer, true), EndTxnResponseData.class);
        assertThat(Errors.forCode(again.errorCode())).isEqualTo(Errors.NONE);
        assertThat(again.producerEpoch()).isEqualTo((short) 1);
    }

    @Test
    void aPartitionThatRefusesIsToldAgainAndOneThatIsGoneIsNot() {
        topics.add("a", 1);
        topics.add("gone", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        add(producer, "a", 0);
        add(producer, "gone", 0);
        topics.delete(Principal.LOCAL, "gone");
        topics.failWith("a", new MillraceException(ErrorCode.DISK_FULL, "for the test"));
        ask(ApiKeys.END_TXN, 3, end(producer, false), EndTxnResponseData.class);

        Kept waiting =
                begin(
                        ApiKeys.INIT_PRODUCER_ID,
                        4,
                        new InitProducerIdRequestData()
                                .setTransactionalId("id")
                                .setTransactionTimeoutMs(60_000));
        assertThat(waiting.response).isNull();
        serial.advance(Duration.ofSeconds(1));
        assertThat(
                        Errors.forCode(
                                ((InitProducerIdResponseData)
                                                Objects.requireNonNull(waiting.response))
                                        .errorCode()))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);

        topics.failWith("a", null);
        serial.advance(Duration.ofSeconds(5));
        assertThat(topics.marked()).containsOnly(marked("a", 0, producer, false));
        assertThat(identity(initialize("id", 4)).epoch()).isEqualTo((short) 1);
    }

    @Test
    void aProducerIsNotAskedToTryAgainIfAMomentIsEnough() {
        topics.add("a", 1);
        ProducerIdentity old = identity(initialize("id", 4));
        add(old, "a", 0);
        ProducerIdentity young = identity(initialize("id", 4));
        assertThat(young.epoch()).isEqualTo((short) 2);
        assertThat(topics.marked())
                .containsExactly(
                        marked("a", 0, new ProducerIdentity(old.producerId(), (short) 1), false));
        assertThat(add(old, "a", 0)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void aTransactionThatTakesTooLongIsAbortedAlsoAfterACrash() {
        topics.add("a", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        add(producer, "a", 0);
        crash();
        serial.advance(Duration.ofSeconds(59));
        assertThat(topics.marked()).isEmpty();
        serial.advance(Duration.ofSeconds(3));
        assertThat(topics.marked()).hasSize(1);
        assertThat(topics.marked().getFirst().marker().isCommit()).isFalse();
    }

    @Test
    void unusedIdsAreForgotten() {
        topics.add("a", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        serial.advance(Duration.ofDays(6));
        assertThat(add(producer, "a", 0)).isEqualTo(Errors.NONE);
        ask(ApiKeys.END_TXN, 3, end(producer, true), EndTxnResponseData.class);
        serial.advance(Duration.ofDays(6));
        assertThat(table.contents()).containsKey("transaction/id");
        serial.advance(Duration.ofDays(2));
        assertThat(table.contents()).doesNotContainKey("transaction/id");
        assertThat(add(producer, "a", 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void unfitRequestsAreRefused() {
        topics.add("a", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        assertThat(add(producer, "b", 0)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(add(producer, "a", 1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(add(producer, "a", -1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(initialize("", 4).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(initialize("x".repeat(8193), 4).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        for (int timeout : new int[] {0, -1, 900_001}) {
            InitProducerIdResponseData response =
                    ask(
                            ApiKeys.INIT_PRODUCER_ID,
                            4,
                            new InitProducerIdRequestData()
                                    .setTransactionalId("id")
                                    .setTransactionTimeoutMs(timeout),
                            InitProducerIdResponseData.class);
            assertThat(Errors.forCode(response.errorCode()))
                    .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        }
        identity(initialize("id", 4));
        EndTxnResponseData old =
                ask(ApiKeys.END_TXN, 1, end(producer, true), EndTxnResponseData.class);
        assertThat(Errors.forCode(old.errorCode()))
                .as("what version 1 knows")
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aFullDiskLeavesEverythingAsItWas() {
        topics.add("a", 1);
        ProducerIdentity producer = identity(initialize("id", 4));
        add(producer, "a", 0);
        table.failWith(new MillraceException(ErrorCode.DISK_FULL, "for the test"));
        EndTxnResponseData refused =
                ask(ApiKeys.END_TXN, 3, end(producer, true), EndTxnResponseData.class);
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(topics.marked()).isEmpty();
        table.failWith(null);
        EndTxnResponseData ended =
                ask(ApiKeys.END_TXN, 3, end(producer, true), EndTxnResponseData.class);
        assertThat(Errors.forCode(ended.errorCode())).isEqualTo(Errors.NONE);
        assertThat(topics.marked()).hasSize(1);
    }

    @Test
    void producersWriteOnlyWhereTheirTransactionIs() {
        topics.add("a", 2);
        ProducerIdentity producer = identity(initialize("id", 4));
        TopicPartition zero = new TopicPartition("a", 0);
        assertThat(check(producer, zero, false)).isEqualTo(Map.of(zero, Errors.INVALID_TXN_STATE));
        assertThat(check(producer, zero, true)).isEmpty();
        assertThat(check(producer, zero, false)).isEmpty();
        ProducerIdentity young = identity(initialize("id", 4));
        assertThat(check(producer, zero, true))
                .isEqualTo(Map.of(zero, Errors.INVALID_PRODUCER_EPOCH));
        assertThat(check(young, zero, true)).isEmpty();
    }

    @Test
    void whoMayNotWriteThereHasNoMarkerStoredThere() {
        topics.add("a", 1);
        Principal stranger = new Principal("stranger");
        topics.forbidWriting(stranger);
        ProducerIdentity producer = identity(initialize("id", 4));
        TopicPartition zero = new TopicPartition("a", 0);
        assertThat(check(stranger, producer, zero, true))
                .isEqualTo(Map.of(zero, Errors.TOPIC_AUTHORIZATION_FAILED));
        ask(ApiKeys.END_TXN, 3, end(producer, false), EndTxnResponseData.class);
        assertThat(topics.marked()).isEmpty();
    }

    private Map<TopicPartition, Errors> check(
            ProducerIdentity producer, TopicPartition partition, boolean joins) {
        return check(Principal.LOCAL, producer, partition, joins);
    }

    private Map<TopicPartition, Errors> check(
            Principal principal,
            ProducerIdentity producer,
            TopicPartition partition,
            boolean joins) {
        CompletableFuture<Map<TopicPartition, Errors>> answer = new CompletableFuture<>();
        api.produceCheck()
                .check(
                        new Write(
                                principal,
                                "id",
                                producer.producerId(),
                                producer.epoch(),
                                List.of(partition),
                                joins),
                        answer::complete);
        serial.runPending();
        return answer.join();
    }

    @Test
    void operatorsSeeTransactions() {
        topics.add("a", 2);
        ProducerIdentity producer = identity(initialize("id", 4));
        initialize("other", 4);
        add(producer, "a", 1);
        serial.advance(Duration.ofSeconds(10));
        ListTransactionsResponseData ongoing =
                ask(
                        ApiKeys.LIST_TRANSACTIONS,
                        1,
                        new ListTransactionsRequestData()
                                .setStateFilters(List.of("Ongoing", "Strange"))
                                .setDurationFilter(9_000),
                        ListTransactionsResponseData.class);
        assertThat(ongoing.unknownStateFilters()).containsExactly("Strange");
        assertThat(ongoing.transactionStates())
                .extracting(ListTransactionsResponseData.TransactionState::transactionalId)
                .containsExactly("id");
        ListTransactionsResponseData all =
                ask(
                        ApiKeys.LIST_TRANSACTIONS,
                        1,
                        new ListTransactionsRequestData(),
                        ListTransactionsResponseData.class);
        assertThat(all.transactionStates()).hasSize(2);

        DescribeTransactionsResponseData described =
                ask(
                        ApiKeys.DESCRIBE_TRANSACTIONS,
                        0,
                        new DescribeTransactionsRequestData()
                                .setTransactionalIds(List.of("id", "unknown")),
                        DescribeTransactionsResponseData.class);
        assertThat(described.transactionStates().getFirst().transactionState())
                .isEqualTo("Ongoing");
        assertThat(described.transactionStates().getFirst().topics().find("a").partitions())
                .containsExactly(1);
        assertThat(Errors.forCode(described.transactionStates().getLast().errorCode()))
                .isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
    }
}
