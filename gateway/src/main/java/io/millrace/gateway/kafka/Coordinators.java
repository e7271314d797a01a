package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.admin.AdminApi;
import io.millrace.gateway.kafka.admin.ServerConfigs;
import io.millrace.gateway.kafka.group.CoordinatorAddress.HostAndPort;
import io.millrace.gateway.kafka.group.GroupApi;
import io.millrace.gateway.kafka.group.OtherGroups;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.metadata.Cluster;
import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.serial.SerialThread;
import io.millrace.gateway.kafka.transaction.TransactionApi;
import io.millrace.gateway.kafka.transaction.TransactionLimits;
import io.millrace.io.Randomness;
import java.util.List;
import java.util.Map;

/// What keeps state of its own: groups, transactions, and what administrators set.
final class Coordinators {
    private static final String GROUPS = "kafka-groups";
    private static final String TRANSACTIONS = "kafka-transactions";
    private static final String ADMIN = "kafka-admin";

    private final SerialThread groupThread;
    private final SerialThread transactionThread;
    private final GroupApi groups;
    private final TransactionApi transactions;
    private final AdminApi admin;

    /// Opens and reads their tables, which waits for the disk.
    Coordinators(KafkaGround ground, Cluster cluster, boolean createsTopics) {
        this.groupThread = new SerialThread(GROUPS, ground.clock());
        this.transactionThread = new SerialThread(TRANSACTIONS, ground.clock());
        this.transactions =
                new TransactionApi(
                        ground.topics(),
                        ground.tables().apply(TRANSACTIONS),
                        transactionThread,
                        TransactionLimits.DEFAULTS);
        this.groups =
                new GroupApi(
                        new GroupApi.Parts(
                                groupThread,
                                ground.tables().apply(GROUPS),
                                ground.topics(),
                                GroupConfig.standard(),
                                Randomness.system()),
                        new GroupApi.Neighbours(
                                () -> new HostAndPort(cluster.host(), cluster.port().getAsInt()),
                                OtherGroups.NONE,
                                transactions.offsetsCheck()));
        this.admin =
                new AdminApi(
                        ground.topics(),
                        ground.tables().apply(ADMIN),
                        new ServerConfigs(() -> configs(cluster, createsTopics)));
        admin.start();
        transactions.start(groups.transactionalOffsets());
    }

    private static Map<String, String> configs(Cluster cluster, boolean createsTopics) {
        String address = "PLAINTEXT://%s:%d".formatted(cluster.host(), cluster.port().getAsInt());
        return Map.of(
                "advertised.listeners",
                address,
                "listeners",
                address,
                "auto.create.topics.enable",
                Boolean.toString(createsTopics));
    }

    TransactionCheck produceCheck() {
        return transactions.produceCheck();
    }

    List<KafkaRoom> rooms() {
        return List.of(
                new KafkaRoom(groups.handlers(), Map.of(), Map.of(), groupThread::close),
                new KafkaRoom(
                        transactions.handlers(),
                        transactions.newestVersions(),
                        transactions.features(),
                        transactionThread::close),
                KafkaRoom.of(admin.handlers()));
    }
}
