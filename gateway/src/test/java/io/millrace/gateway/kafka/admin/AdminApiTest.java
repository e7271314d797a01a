package io.millrace.gateway.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.Peer;
import io.millrace.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class AdminApiTest {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    private static final byte BROKER = ConfigResource.Type.BROKER.id();
    private static final byte GROUP = ConfigResource.Type.GROUP.id();

    private final FakeTopics topics = new FakeTopics();
    private final FakeTable table = new FakeTable();
    private AdminApi api = begin();

    private AdminApi begin() {
        AdminApi begun =
                new AdminApi(topics, table, new ServerConfigs(() -> Map.of("num.partitions", "6")));
        begun.start();
        return begun;
    }

    private record Kept(CompletableFuture<ApiMessage> response) implements Answer {
        @Override
        public Future<?> later(Runnable action, long millis) {
            throw new RejectedExecutionException("nothing here waits");
        }

        @Override
        public void send(ApiMessage sent) {
            assertThat(response.complete(sent)).as("only one answer").isTrue();
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

    private <T> T ask(ApiKeys key, int version, ApiMessage message, Class<T> type) {
        Kept answer = new Kept(new CompletableFuture<>());
        KafkaRequest request =
                new KafkaRequest(
                        key,
                        (short) version,
                        "client",
                        message,
                        new Peer(1, "/127.0.0.1", Principal.LOCAL));
        Objects.requireNonNull(api.handlers().get(key)).handle(request, answer);
        return type.cast(answer.response.orTimeout(20, TimeUnit.SECONDS).join());
    }

    private CreatableTopicResult create(CreatableTopic topic, boolean validateOnly) {
        CreateTopicsRequestData.CreatableTopicCollection all =
                new CreateTopicsRequestData.CreatableTopicCollection();
        all.add(topic);
        return ask(
                        ApiKeys.CREATE_TOPICS,
                        7,
                        new CreateTopicsRequestData().setTopics(all).setValidateOnly(validateOnly),
                        CreateTopicsResponseData.class)
                .topics()
                .find(topic.name());
    }

    private Errors createError(CreatableTopic topic) {
        CreatableTopicResult result = create(topic, false);
        if (result.errorCode() != 0) {
            assertThat(result.errorMessage()).isNotBlank();
            assertThat(topics.all(Principal.LOCAL))
                    .as("topics after a refusal")
                    .noneMatch(each -> each.name().equals(topic.name()));
        }
        return Errors.forCode(result.errorCode());
    }

    private static CreatableTopic topic(String name, int partitions, int replication) {
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replication);
    }

    private static CreatableTopic assigned(String name, int... servers) {
        CreatableTopic topic = topic(name, -1, -1);
        for (int i = 0; i < servers.length; i++) {
            topic.assignments()
                    .add(
                            new CreatableReplicaAssignment()
                                    .setPartitionIndex(i)
                                    .setBrokerIds(List.of(servers[i])));
        }
        return topic;
    }

    @Test
    void topicsAreCreatedWithTheirConfigurations() {
        CreatableTopic asked = topic("orders", 3, 1);
        asked.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("1000"));
        CreatableTopicResult result = create(asked, false);
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        assertThat(result.numPartitions()).isEqualTo(3);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        Topics.Topic created = Objects.requireNonNull(topics.find(Principal.LOCAL, "orders"));
        assertThat(result.topicId()).isEqualTo(TopicNames.kafka(created.id()));
        assertThat(topics.configs(Principal.LOCAL, "orders")).containsEntry("retention.ms", "1000");
        assertThat(result.configs())
                .anyMatch(each ->
                        each.name().equals("retention.ms")
                                && each.value().equals("1000")
                                && each.configSource() == 1);
    }

    @Test
    void onlyValidatedTopicsAreNotCreated() {
        assertThat(create(topic("orders", 3, -1), true).errorCode()).isZero();
        assertThat(topics.all(Principal.LOCAL)).isEmpty();
    }

    @Test
    void unfitTopicsAreRefused() {
        assertThat(createError(topic("or ders", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(createError(topic("..", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(createError(topic("orders", 0, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(createError(topic("orders", -2, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(createError(topic("orders", 1, 3))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(createError(topic("orders", 1, 0))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(createError(assigned("orders", 0, 1)))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(create(topic("orders", 1, 3), false).errorMessage()).contains("is 3, but");
        CreatableTopic both = assigned("orders", 0);
        assertThat(createError(both.setNumPartitions(1))).isEqualTo(Errors.INVALID_REQUEST);
        CreatableTopic noValue = topic("orders", 1, 1);
        noValue.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));
        assertThat(createError(noValue)).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(createError(assigned("orders", 0, 0))).isEqualTo(Errors.NONE);
        assertThat(create(topic("orders", 1, 1), false).errorCode())
                .isEqualTo(Errors.TOPIC_ALREADY_EXISTS.code());
    }

    private DeletableTopicResult delete(DeleteTopicState asked) {
        DeleteTopicsResponseData response =
                ask(
                        ApiKeys.DELETE_TOPICS,
                        6,
                        new DeleteTopicsRequestData().setTopics(List.of(asked)),
                        DeleteTopicsResponseData.class);
        return response.responses().iterator().next();
    }

    @Test
    void topicsAreDeletedByNameOrId() {
        topics.add("a", 1);
        Uuid id = TopicNames.kafka(topics.add("b", 1).id());
        topics.add("c", 1);
        assertThat(delete(new DeleteTopicState().setName("a")).errorCode()).isZero();
        DeletableTopicResult byId = delete(new DeleteTopicState().setTopicId(id));
        assertThat(byId.errorCode()).isZero();
        assertThat(byId.name()).isEqualTo("b");
        assertThat(delete(new DeleteTopicState().setTopicId(id)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(delete(new DeleteTopicState().setName("a")).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(delete(new DeleteTopicState().setName("c").setTopicId(id)).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(delete(new DeleteTopicState()).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        DeleteTopicsResponseData old =
                ask(
                        ApiKeys.DELETE_TOPICS,
                        4,
                        new DeleteTopicsRequestData().setTopicNames(List.of("c")),
                        DeleteTopicsResponseData.class);
        assertThat(old.responses().find("c").errorCode()).isZero();
        assertThat(topics.all(Principal.LOCAL)).isEmpty();
    }

    private Errors grow(String name, int count) {
        CreatePartitionsRequestData.CreatePartitionsTopicCollection all =
                new CreatePartitionsRequestData.CreatePartitionsTopicCollection();
        all.add(new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
        return Errors.forCode(
                ask(
                                ApiKeys.CREATE_PARTITIONS,
                                3,
                                new CreatePartitionsRequestData().setTopics(all),
                                CreatePartitionsResponseData.class)
                        .results()
                        .getFirst()
                        .errorCode());
    }

    @Test
    void topicsGetMorePartitionsButNeverFewer() {
        topics.add("a", 2);
        assertThat(grow("a", 2)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow("a", 1)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow("b", 3)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(grow("a", 5)).isEqualTo(Errors.NONE);
        assertThat(Objects.requireNonNull(topics.find(Principal.LOCAL, "a")).partitions())
                .isEqualTo(5);
    }

    private Errors deleteRecords(String topic, int partition, long offset) {
        DeleteRecordsResponseData response =
                ask(
                        ApiKeys.DELETE_RECORDS,
                        2,
                        new DeleteRecordsRequestData()
                                .setTopics(
                                        List.of(
                                                new DeleteRecordsTopic()
                                                        .setName(topic)
                                                        .setPartitions(
                                                                List.of(
                                                                        new DeleteRecordsPartition()
                                                                                .setPartitionIndex(
                                                                                        partition)
                                                                                .setOffset(
                                                                                        offset))))),
                        DeleteRecordsResponseData.class);
        return Errors.forCode(
                response.topics().find(topic).partitions().find(partition).errorCode());
    }

    @Test
    void recordsAreDeletedWhereThatIsThePolicy() {
        topics.add("a", 1);
        assertThat(deleteRecords("a", 0, -1)).isEqualTo(Errors.NONE);
        assertThat(deleteRecords("a", 0, -2)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(deleteRecords("b", 0, 0)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        topics.configure(Principal.LOCAL, "a", Map.of("cleanup.policy", "compact"), false);
        assertThat(deleteRecords("a", 0, 0)).isEqualTo(Errors.POLICY_VIOLATION);
    }

    private DescribeConfigsResult describe(byte type, String name, String... keys) {
        return ask(
                        ApiKeys.DESCRIBE_CONFIGS,
                        4,
                        new DescribeConfigsRequestData()
                                .setIncludeSynonyms(true)
                                .setIncludeDocumentation(true)
                                .setResources(
                                        List.of(
                                                new DescribeConfigsResource()
                                                        .setResourceType(type)
                                                        .setResourceName(name)
                                                        .setConfigurationKeys(
                                                                keys.length == 0
                                                                        ? null
                                                                        : List.of(keys)))),
                        DescribeConfigsResponseData.class)
                .results()
                .getFirst();
    }

    private String value(byte type, String name, String key) {
        return describe(type, name, key).configs().getFirst().value();
    }

    private Errors alter(byte type, String name, String key, int operation, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type).setResourceName(name);
        resource.configs()
                .add(
                        new AlterableConfig()
                                .setName(key)
                                .setConfigOperation((byte) operation)
                                .setValue(value));
        IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection all =
                new IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection();
        all.add(resource);
        IncrementalAlterConfigsResponseData response =
                ask(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        1,
                        new IncrementalAlterConfigsRequestData().setResources(all),
                        IncrementalAlterConfigsResponseData.class);
        return Errors.forCode(response.responses().getFirst().errorCode());
    }

    @Test
    void configurationsOfTopicsAreShownAndChanged() {
        topics.add("a", 1);
        assertThat(alter(TOPIC, "a", "cleanup.policy", 0, "compact")).isEqualTo(Errors.NONE);
        assertThat(alter(TOPIC, "a", "cleanup.policy", 2, "delete")).isEqualTo(Errors.NONE);
        assertThat(value(TOPIC, "a", "cleanup.policy")).isEqualTo("compact,delete");
        assertThat(alter(TOPIC, "a", "cleanup.policy", 3, "compact")).isEqualTo(Errors.NONE);
        assertThat(value(TOPIC, "a", "cleanup.policy")).isEqualTo("delete");
        assertThat(alter(TOPIC, "a", "retention.ms", 2, "1")).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(TOPIC, "a", "retention.ms", 4, "1")).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(TOPIC, "a", "retention.ms", 0, "5")).isEqualTo(Errors.NONE);
        DescribeConfigsResourceResult shown =
                describe(TOPIC, "a", "retention.ms").configs().getFirst();
        assertThat(shown.value()).isEqualTo("5");
        assertThat(shown.configSource()).as("set for the topic").isEqualTo((byte) 1);
        assertThat(shown.configType()).as("a long").isEqualTo((byte) 5);
        assertThat(shown.documentation()).isNotBlank();
        assertThat(shown.synonyms()).hasSize(2);
        assertThat(alter(TOPIC, "b", "retention.ms", 0, "5"))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(describe(TOPIC, "b").errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void theOldWayOfChangingReplacesEverything() {
        topics.add("a", 1);
        alter(TOPIC, "a", "retention.ms", 0, "5");
        AlterConfigsRequestData.AlterConfigsResource resource =
                new AlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName("a");
        resource.configs()
                .add(
                        new AlterConfigsRequestData.AlterableConfig()
                                .setName("retention.bytes")
                                .setValue("7"));
        AlterConfigsRequestData.AlterConfigsResourceCollection all =
                new AlterConfigsRequestData.AlterConfigsResourceCollection();
        all.add(resource);
        AlterConfigsResponseData response =
                ask(
                        ApiKeys.ALTER_CONFIGS,
                        2,
                        new AlterConfigsRequestData().setResources(all),
                        AlterConfigsResponseData.class);
        assertThat(response.responses().getFirst().errorCode()).isZero();
        assertThat(topics.configs(Principal.LOCAL, "a"))
                .containsEntry("retention.bytes", "7")
                .doesNotContainEntry("retention.ms", "5");
    }

    @Test
    void configurationsOfGroupsOutliveTheServer() {
        assertThat(alter(GROUP, "g", "share.auto.offset.reset", 0, "earliest"))
                .isEqualTo(Errors.NONE);
        assertThat(alter(GROUP, "g", "consumer.session.timeout.ms", 0, "10000"))
                .isEqualTo(Errors.NONE);
        assertThat(alter(GROUP, "g", "share.auto.offset.reset", 0, "sometimes"))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(GROUP, "g", "share.strange", 0, "1")).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(GROUP, "h", "share.auto.offset.reset", 0, "by_duration:PT1H"))
                .isEqualTo(Errors.NONE);
        api = begin();
        GroupConfigs configs = api.groupConfigs();
        assertThat(configs.value("g", GroupConfig.SHARE_AUTO_OFFSET_RESET)).isEqualTo("earliest");
        assertThat(configs.number("g", GroupConfig.CONSUMER_SESSION_TIMEOUT)).isEqualTo(10_000);
        assertThat(configs.value("other", GroupConfig.SHARE_AUTO_OFFSET_RESET)).isEqualTo("latest");
        assertThat(alter(GROUP, "g", "share.auto.offset.reset", 1, "")).isEqualTo(Errors.NONE);
        assertThat(configs.value("g", GroupConfig.SHARE_AUTO_OFFSET_RESET)).isEqualTo("latest");
        assertThat(describe(GROUP, "g").configs()).hasSize(GroupConfig.values().length);
    }

    @Test
    void aSessionIsLongerThanTheTimeBetweenHeartbeats() {
        assertThat(alter(GROUP, "g", "consumer.session.timeout.ms", 0, "5000"))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(GROUP, "g", "consumer.heartbeat.interval.ms", 0, "1000"))
                .isEqualTo(Errors.NONE);
        assertThat(alter(GROUP, "g", "consumer.session.timeout.ms", 0, "5000"))
                .isEqualTo(Errors.NONE);
        assertThat(alter(GROUP, "g", "consumer.heartbeat.interval.ms", 1, ""))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(GROUP, "g", "share.heartbeat.interval.ms", 0, "45000"))
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void everyDefaultOfAGroupIsAllowed() {
        for (GroupConfig config : GroupConfig.values()) {
            assertThat(config.problem(config.byDefault())).as(config.key()).isNull();
        }
    }

    @Test
    void theServerShowsItselfAndIsNotChanged() {
        assertThat(value(BROKER, "0", "num.partitions")).isEqualTo("6");
        assertThat(describe(BROKER, "0").configs()).allMatch(each -> each.readOnly());
        assertThat(describe(BROKER, "").configs()).isEmpty();
        assertThat(Errors.forCode(describe(BROKER, "1").errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(BROKER, "0", "num.partitions", 0, "9")).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void whatHasConfigurationsIsListed() {
        topics.add("a", 1);
        alter(GROUP, "g", "share.auto.offset.reset", 0, "earliest");
        ListConfigResourcesResponseData all =
                ask(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        1,
                        new ListConfigResourcesRequestData(),
                        ListConfigResourcesResponseData.class);
        assertThat(all.configResources())
                .extracting(ListConfigResourcesResponseData.ConfigResource::resourceName)
                .containsExactlyInAnyOrder("a", "g", "0");
        ListConfigResourcesResponseData groups =
                ask(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        1,
                        new ListConfigResourcesRequestData().setResourceTypes(List.of(GROUP)),
                        ListConfigResourcesResponseData.class);
        assertThat(groups.configResources()).hasSize(1);
    }

    @Test
    void accessListsNeedSecurity() {
        CreateAclsResponseData response =
                ask(
                        ApiKeys.CREATE_ACLS,
                        3,
                        new CreateAclsRequestData()
                                .setCreations(List.of(new CreateAclsRequestData.AclCreation())),
                        CreateAclsResponseData.class);
        assertThat(Errors.forCode(response.results().getFirst().errorCode()))
                .isEqualTo(Errors.SECURITY_DISABLED);
    }
}
