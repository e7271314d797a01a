package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.gateway.kafka.transaction.TransactionCommand.End;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Initialize;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCoordinator.Outcome;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Requests about producers' identities and transactions, up to transaction version 2 (KIP-890).
///
/// WriteTxnMarkers is not answered: it ends a transaction in one partition behind the coordinator's
/// back, for transactions that the coordinator has forgotten. Here a partition takes records of a
/// transaction only after the coordinator has noted it, so that none is forgotten.
public final class TransactionApi {
    /// Longer transactional ids are refused: they are keys on disk.
    static final int ID_CHARS_MAX = 8192;

    /// From here on a producer goes on with a higher epoch after each transaction.
    private static final short END_BUMPS_EPOCH = 5;

    /// Partitions join by being written to, and each end raises the epoch (KIP-890).
    private static final short TRANSACTION_VERSION = 2;

    /// From here on clients know PRODUCER_FENCED.
    private static final short INIT_KNOWS_FENCED = 4;

    private static final short OTHERS_KNOW_FENCED = 2;

    /// Later versions filter by a pattern of another engine for regular expressions.
    private static final short LIST_TRANSACTIONS_MAX = 1;

    private final TransactionCoordinator coordinator;
    private final TransactionLimits limits;
    private final PartitionJoining joining;
    private final TransactionReports reports;

    /// Nothing is read until [#start].
    ///
    /// @param table of its own
    /// @param serial on which everything happens
    public TransactionApi(
            Topics topics, DurableTable table, Serial serial, TransactionLimits limits) {
        this.coordinator = new TransactionCoordinator(topics::mark, table, serial, limits);
        this.limits = limits;
        this.joining = new PartitionJoining(coordinator, topics);
        this.reports = new TransactionReports(coordinator, topics, serial);
    }

    /// Takes up what is on disk; transactions whose outcome was decided are ended everywhere. Waits
    /// for the disk. Before any request.
    ///
    /// @param offsets of the groups
    public void start(TransactionalOffsets offsets) {
        coordinator.recover(offsets);
    }

    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.INIT_PRODUCER_ID, this::initialize,
                ApiKeys.ADD_PARTITIONS_TO_TXN, joining::handle,
                ApiKeys.ADD_OFFSETS_TO_TXN, this::addOffsets,
                ApiKeys.END_TXN, this::end,
                ApiKeys.DESCRIBE_TRANSACTIONS, reports::describeTransactions,
                ApiKeys.LIST_TRANSACTIONS, reports::listTransactions,
                ApiKeys.DESCRIBE_PRODUCERS, reports::describeProducers);
    }

    /// The newest versions that are answered, where these are not the newest that there are.
    public Map<ApiKeys, Short> newestVersions() {
        return Map.of(ApiKeys.LIST_TRANSACTIONS, LIST_TRANSACTIONS_MAX);
    }

    /// The levels of features that clients look for before they use them.
    public Map<String, Short> features() {
        return Map.of("transaction.version", TRANSACTION_VERSION);
    }

    /// For whoever stores what producers send.
    public TransactionCheck produceCheck() {
        return new ProduceCheck(coordinator, joining);
    }

    /// For whoever stores the offsets of groups.
    public OffsetsCheck offsetsCheck() {
        return new CoordinatorOffsetsCheck(coordinator);
    }

    private void initialize(KafkaRequest request, Answer answer) {
        InitProducerIdRequestData data = (InitProducerIdRequestData) request.message();
        String id = data.transactionalId();
        if (id == null) {
            coordinator.newProducerId(outcome -> initialized(request, answer, outcome));
            return;
        }
        Errors wrong = wrong(id, data);
        if (wrong != Errors.NONE) {
            initialized(request, answer, new Outcome(wrong, ProducerIdentity.NONE));
            return;
        }
        ProducerIdentity expected = new ProducerIdentity(data.producerId(), data.producerEpoch());
        coordinator.submit(
                id,
                new Initialize(data.transactionTimeoutMs(), expected),
                outcome -> initialized(request, answer, outcome));
    }

    private Errors wrong(String id, InitProducerIdRequestData data) {
        boolean halfIdentity = data.producerId() < 0 != data.producerEpoch() < 0;
        if (!isUsable(id) || halfIdentity) {
            return Errors.INVALID_REQUEST;
        }
        int timeoutMillis = data.transactionTimeoutMs();
        return timeoutMillis > 0 && timeoutMillis <= limits.timeoutMax().toMillis()
                ? Errors.NONE
                : Errors.INVALID_TRANSACTION_TIMEOUT;
    }

    static boolean isUsable(String transactionalId) {
        return !transactionalId.isEmpty() && transactionalId.length() <= ID_CHARS_MAX;
    }

    private static void initialized(KafkaRequest request, Answer answer, Outcome outcome) {
        answer.send(
                new InitProducerIdResponseData()
                        .setErrorCode(
                                told(outcome.error(), request.version(), INIT_KNOWS_FENCED).code())
                        .setProducerId(outcome.producer().producerId())
                        .setProducerEpoch(outcome.producer().epoch()));
    }

    /// An error in words that a version of the protocol knows.
    private static Errors told(Errors error, short version, short knowsFenced) {
        return error == Errors.PRODUCER_FENCED && version < knowsFenced
                ? Errors.INVALID_PRODUCER_EPOCH
                : error;
    }

    static Errors told(Errors error, short version) {
        return told(error, version, OTHERS_KNOW_FENCED);
    }

    private void addOffsets(KafkaRequest request, Answer answer) {
        AddOffsetsToTxnRequestData data = (AddOffsetsToTxnRequestData) request.message();
        if (!isUsable(data.transactionalId()) || data.groupId().isEmpty()) {
            Errors wrong =
                    data.groupId().isEmpty() ? Errors.INVALID_GROUP_ID : Errors.INVALID_REQUEST;
            answer.send(new AddOffsetsToTxnResponseData().setErrorCode(wrong.code()));
            return;
        }
        coordinator.submit(
                data.transactionalId(),
                new Join(
                        new ProducerIdentity(data.producerId(), data.producerEpoch()),
                        new TreeSet<>(),
                        true),
                outcome ->
                        answer.send(
                                new AddOffsetsToTxnResponseData()
                                        .setErrorCode(
                                                told(outcome.error(), request.version()).code())));
    }

    private void end(KafkaRequest request, Answer answer) {
        EndTxnRequestData data = (EndTxnRequestData) request.message();
        if (!isUsable(data.transactionalId())) {
            answer.send(new EndTxnResponseData().setErrorCode(Errors.INVALID_REQUEST.code()));
            return;
        }
        boolean bumpsEpoch = request.version() >= END_BUMPS_EPOCH;
        coordinator.submit(
                data.transactionalId(),
                new End(
                        new ProducerIdentity(data.producerId(), data.producerEpoch()),
                        data.committed(),
                        bumpsEpoch),
                outcome -> {
                    EndTxnResponseData response =
                            new EndTxnResponseData()
                                    .setErrorCode(told(outcome.error(), request.version()).code());
                    if (bumpsEpoch) {
                        response.setProducerId(outcome.producer().producerId())
                                .setProducerEpoch(outcome.producer().epoch());
                    }
                    answer.send(response);
                });
    }
}
