package io.millrace.gateway.kafka.group;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.gateway.kafka.transaction.OffsetsCheck;
import io.millrace.gateway.kafka.transaction.TransactionalOffsets;

import org.apache.kafka.common.protocol.ApiKeys;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Everything that Kafka's clients ask of groups: who is in them, who has which partition, and how
/// far they have read. Thread-safe; whatever it does, it does on its [Serial].
public final class GroupApi {
    private final GroupCoordinator coordinator;
    private final Transactions transactions;
    private final Map<ApiKeys, RequestHandler> handlers = new EnumMap<>(ApiKeys.class);

    /// What the groups work with.
    ///
    /// @param serial of the groups alone
    /// @param table of the groups alone
    /// @param random for the ids of members
    public record Parts(
            Serial serial,
            DurableTable table,
            Topics topics,
            GroupConfig config,
            RandomGenerator random) {}

    /// What the groups ask of others.
    ///
    /// @param address of the coordinator
    /// @param others groups of other kinds
    /// @param check whether a producer may commit offsets in its transaction
    public record Neighbours(CoordinatorAddress address, OtherGroups others, OffsetsCheck check) {}

    /// Begins to read the table, on the serial thread; until that is done, clients are told to come
    /// back.
    public GroupApi(Parts parts, Neighbours neighbours) {
        coordinator =
                new GroupCoordinator(parts.serial(), parts.table(), parts.topics(), parts.config());
        transactions = new Transactions(coordinator, parts.topics(), neighbours.check());
        OtherGroups others = neighbours.others();
        handlers.put(ApiKeys.FIND_COORDINATOR, new FindCoordinatorHandler(neighbours.address()));
        handlers.putAll(new ClassicHandlers(coordinator, others, parts.random()).handlers());
        handlers.putAll(
                new ConsumerHandlers(coordinator, others, parts.topics(), parts.random())
                        .handlers());
        handlers.putAll(new GroupHandlers(coordinator, others).handlers());
        handlers.put(ApiKeys.OFFSET_COMMIT, new CommitHandler(coordinator, parts.topics()));
        handlers.put(ApiKeys.OFFSET_FETCH, new FetchHandler(coordinator, parts.topics()));
        handlers.put(ApiKeys.TXN_OFFSET_COMMIT, transactions);
        coordinator.sweepWith(new Retention(coordinator)::sweep);
        parts.topics()
                .whenDeleted(topic ->
                        coordinator.onEach((entry, turn) ->
                                entry.offsets().removeTopic(topic.name(), topic.id(), turn)));
        coordinator.start();
    }

    /// One handler for each API.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.copyOf(handlers);
    }

    /// For the transaction coordinator.
    public TransactionalOffsets transactionalOffsets() {
        return transactions;
    }

    /// Whether a group of that id is one of these. On the serial thread only.
    public boolean has(String groupId) {
        return coordinator.groups().find(groupId) != null;
    }
}
