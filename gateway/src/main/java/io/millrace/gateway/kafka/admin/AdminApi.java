package io.millrace.gateway.kafka.admin;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.request.RequestHandler;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// Requests of administrators: topics, records, configurations, access.
///
/// Changes are done one after the other in the order in which they came; whatever may wait does so
/// on virtual threads. Times that clients allow are not observed: what was begun is finished.
public final class AdminApi {
    private final StoredGroupConfigs groups;
    private final TopicRequests topicRequests;
    private final ConfigRequests configRequests;
    private final AccessRequests accessRequests = new AccessRequests();

    /// Nothing is read until [#start].
    ///
    /// @param table for the configurations of groups
    public AdminApi(Topics topics, DurableTable table, ServerConfigs server) {
        ChangeQueue changes = new ChangeQueue();
        this.groups = new StoredGroupConfigs(table);
        TopicConfigs known = new TopicConfigs();
        this.topicRequests = new TopicRequests(topics, known, changes);
        this.configRequests =
                new ConfigRequests(new Configurations(topics, known, groups, server), changes);
    }

    /// Takes up what is on disk. Waits. Before any request.
    public void start() {
        groups.start();
    }

    /// For the coordinators of groups.
    public GroupConfigs groupConfigs() {
        return groups;
    }

    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.ofEntries(
                Map.entry(ApiKeys.CREATE_TOPICS, topicRequests::create),
                Map.entry(ApiKeys.DELETE_TOPICS, topicRequests::delete),
                Map.entry(ApiKeys.CREATE_PARTITIONS, topicRequests::addPartitions),
                Map.entry(ApiKeys.DELETE_RECORDS, topicRequests::deleteRecords),
                Map.entry(ApiKeys.DESCRIBE_CONFIGS, configRequests::describe),
                Map.entry(ApiKeys.ALTER_CONFIGS, configRequests::replace),
                Map.entry(ApiKeys.INCREMENTAL_ALTER_CONFIGS, configRequests::alter),
                Map.entry(ApiKeys.LIST_CONFIG_RESOURCES, configRequests::list),
                Map.entry(ApiKeys.DESCRIBE_ACLS, accessRequests::describe),
                Map.entry(ApiKeys.CREATE_ACLS, accessRequests::create),
                Map.entry(ApiKeys.DELETE_ACLS, accessRequests::delete));
    }
}
