package io.millrace.gateway.kafka;

import io.millrace.broker.Shares;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.admin.AdminApi;
import io.millrace.gateway.kafka.admin.ServerConfigs;
import io.millrace.gateway.kafka.group.CoordinatorAddress;
import io.millrace.gateway.kafka.group.GroupApi;
import io.millrace.gateway.kafka.group.OtherGroups;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.serial.SerialThread;
import io.millrace.gateway.kafka.share.ShareApi;
import io.millrace.gateway.kafka.share.ShareGround;
import io.millrace.gateway.kafka.transaction.TransactionApi;
import io.millrace.gateway.kafka.transaction.TransactionLimits;
import io.millrace.io.Randomness;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rooms with a state of their own: groups, transactions, share groups and administration, each
/// with a table, and each coordinator with a thread.
final class Coordinators implements AutoCloseable {
    private static final String GROUPS = "kafka-groups";
    private static final String TRANSACTIONS = "kafka-transactions";
    private static final String SHARES = "kafka-shares";
    private static final String CONFIGS = "kafka-configs";
    private static final long WAIT_SECONDS_MAX = 5;

    private final SerialThread groupThread;
    private final SerialThread transactionThread;
    private final SerialThread shareThread;
    private final AdminApi admin;
    private final @Nullable ShareApi shares;
    private final GroupApi groups;
    private final TransactionApi transactions;

    /// Takes up what is on disk, which waits for it.
    ///
    /// @param address where clients reach the broker
    /// @param server what it says of itself
    /// @param times of groups and what they may use up
    /// @param waiting for what may wait
    Coordinators(
            KafkaGround ground,
            CoordinatorAddress address,
            Supplier<Map<String, String>> server,
            GroupConfig times,
            Executor waiting) {
        Topics topics = ground.topics();
        this.groupThread = new SerialThread(GROUPS, ground.clock());
        this.transactionThread = new SerialThread(TRANSACTIONS, ground.clock());
        this.shareThread = new SerialThread(SHARES, ground.clock());
        this.admin =
                new AdminApi(topics, ground.tables().apply(CONFIGS), new ServerConfigs(server));
        admin.start();
        // Share groups come before the others, and ask them whether an id is free.
        AtomicReference<@Nullable GroupApi> known = new AtomicReference<>();
        this.shares = shares(ground, waiting, id -> isTaken(id, known));
        this.transactions =
                new TransactionApi(
                        topics,
                        ground.tables().apply(TRANSACTIONS),
                        transactionThread,
                        TransactionLimits.DEFAULTS);
        this.groups =
                new GroupApi(
                        new GroupApi.Parts(
                                groupThread,
                                ground.tables().apply(GROUPS),
                                topics,
                                times.with(new ConfiguredConsumers(admin.groupConfigs())),
                                Randomness.unguessable()),
                        new GroupApi.Neighbours(
                                address,
                                shares == null ? OtherGroups.NONE : shares,
                                transactions.offsetsCheck()));
        known.set(groups);
        transactions.start(groups.transactionalOffsets());
    }

    private @Nullable ShareApi shares(
            KafkaGround ground, Executor waiting, Predicate<String> taken) {
        Shares queues = ground.shares();
        return queues == null
                ? null
                : new ShareApi(
                        new ShareGround(
                                ground.topics(),
                                queues,
                                ground.tables().apply(SHARES),
                                shareThread,
                                waiting),
                        new ConfiguredShares(admin.groupConfigs(), taken, ground.clock()));
    }

    /// Whether there is a group of another type with an id. Asks on the groups' own thread, and
    /// waits.
    private boolean isTaken(String id, AtomicReference<@Nullable GroupApi> known) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        groupThread.run(() -> {
            GroupApi others = known.get();
            answer.complete(others != null && others.has(id));
        });
        return answer.completeOnTimeout(false, WAIT_SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    TransactionCheck produceCheck() {
        return transactions.produceCheck();
    }

    /// A connection is gone. On its event loop.
    void gone(long connection) {
        if (shares != null) {
            shares.gone(connection);
        }
    }

    List<KafkaRoom> rooms() {
        KafkaRoom sharing =
                shares == null
                        ? KafkaRoom.of(Map.of())
                        : new KafkaRoom(
                                shares.handlers(), Map.of(), Map.of("share.version", (short) 1));
        return List.of(
                KafkaRoom.of(admin.handlers()),
                sharing,
                new KafkaRoom(groups.handlers(), Map.of(), Map.of("group.version", (short) 1)),
                new KafkaRoom(
                        transactions.handlers(),
                        transactions.newestVersions(),
                        transactions.features()));
    }

    @Override
    public void close() {
        transactionThread.close();
        groupThread.close();
        shareThread.close();
    }
}
