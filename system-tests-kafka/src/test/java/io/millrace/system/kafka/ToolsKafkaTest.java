package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kafka.admin.ConfigCommand;
import org.apache.kafka.tools.AclCommand;
import org.apache.kafka.tools.BrokerApiVersionsCommand;
import org.apache.kafka.tools.ClusterTool;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.DeleteRecordsCommand;
import org.apache.kafka.tools.GetOffsetShell;
import org.apache.kafka.tools.GroupsCommand;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.TransactionsCommand;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.apache.kafka.tools.consumer.ConsoleShareConsumer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.apache.kafka.tools.consumer.group.ShareGroupCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's command-line tools do what their documentation says.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class ToolsKafkaTest {
    private @TempDir Path folder;
    private KafkaServer server;
    private Tool tool;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = KafkaServer.start(data);
        tool = new Tool(server.bootstrap());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void create(String topic, int partitions, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--create", "--topic", topic));
        arguments.addAll(List.of("--partitions", Integer.toString(partitions)));
        arguments.addAll(List.of(more));
        tool.run(TopicCommand::main, arguments.toArray(String[]::new));
    }

    private void produce(String topic, String lines, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--topic", topic));
        arguments.addAll(List.of(more));
        tool.runWith(lines, ConsoleProducer::main, arguments.toArray(String[]::new));
    }

    private String consume(String topic, int count, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--topic", topic));
        arguments.addAll(List.of("--max-messages", Integer.toString(count)));
        arguments.addAll(List.of("--timeout-ms", "30000"));
        arguments.addAll(List.of(more));
        return tool.run(ConsoleConsumer::main, arguments.toArray(String[]::new));
    }

    private static String numbers(String before, int count) {
        return String.join("\n", IntStream.range(0, count).mapToObj(i -> before + i).toList())
                + "\n";
    }

    @Test
    void topicsAreCreatedListedWidenedAndDeleted() {
        create("Orders.V1", 3);
        assertThat(tool.run(TopicCommand::main, "--list")).contains("Orders.V1");
        tool.run(TopicCommand::main, "--alter", "--topic", "Orders.V1", "--partitions", "5");
        assertThat(tool.run(TopicCommand::main, "--describe", "--topic", "Orders.V1"))
                .contains("PartitionCount: 5", "Partition: 4", "ReplicationFactor: 1");
        Program.Ended again =
                tool.ended(TopicCommand::main, "", "--create", "--topic", "Orders.V1");
        assertThat(again.exitCode()).isNotZero();
        assertThat(again.output()).contains("Orders.V1");
        tool.run(TopicCommand::main, "--delete", "--topic", "Orders.V1");
        await().until(() -> !tool.run(TopicCommand::main, "--list").contains("Orders.V1"));
    }

    @Test
    void whatIsTypedComesOutWithKeysHeadersAndOffsets() {
        create("typed", 1);
        produce(
                "typed",
                "a:1,b:zwei\tk1\tone\nc:3\tk2\tzwölf\n",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "parse.headers=true");
        String said =
                consume(
                        "typed",
                        2,
                        "--from-beginning",
                        "--formatter-property",
                        "print.key=true",
                        "--formatter-property",
                        "print.headers=true",
                        "--formatter-property",
                        "print.offset=true",
                        "--formatter-property",
                        "print.partition=true");
        assertThat(said)
                .contains("Partition:0\tOffset:0\ta:1,b:zwei\tk1\tone")
                .contains("Partition:0\tOffset:1\tc:3\tk2\tzwölf");
    }

    @Test
    void offsetsAreToldAndRecordsDeleted() throws Exception {
        create("aged", 1);
        produce("aged", numbers("n", 10));
        assertThat(offsets("aged", "-1")).contains("aged:0:10");
        assertThat(offsets("aged", "-2")).contains("aged:0:0");
        assertThat(offsets("aged", "max-timestamp")).containsPattern("aged:0:\\d");
        assertThat(offsets("aged", "0")).contains("aged:0:0");
        Path wish =
                Files.writeString(
                        folder.resolve("offsets.json"),
                        "{\"partitions\":[{\"topic\":\"aged\",\"partition\":0,\"offset\":4}],\"version\":1}");
        assertThat(tool.run(DeleteRecordsCommand::main, "--offset-json-file", wish.toString()))
                .contains("low_watermark: 4");
        assertThat(offsets("aged", "-2")).contains("aged:0:4");
        assertThat(consume("aged", 6, "--from-beginning").lines().toList())
                .contains("n4", "n9")
                .doesNotContain("n3");
    }

    private String offsets(String topic, String time) {
        return tool.run(GetOffsetShell::main, "--topic", topic, "--time", time);
    }

    @Test
    void settingsOfATopicAreChangedAndTakenBack() {
        create("kept", 2, "--config", "retention.ms=3600000");
        assertThat(topicSettings("kept")).contains("retention.ms=3600000");
        configure("--add-config", "retention.ms=7200000");
        assertThat(topicSettings("kept")).contains("retention.ms=7200000");
        configure("--delete-config", "retention.ms");
        assertThat(topicSettings("kept")).doesNotContain("retention.ms=7200000");
        assertThat(
                        tool.ended(
                                        ConfigCommand::main,
                                        "",
                                        "--alter",
                                        "--entity-type",
                                        "topics",
                                        "--entity-name",
                                        "kept",
                                        "--add-config",
                                        "no.such.setting=1")
                                .exitCode())
                .isNotZero();
    }

    private String topicSettings(String topic) {
        return tool.run(
                ConfigCommand::main,
                "--describe",
                "--entity-type",
                "topics",
                "--entity-name",
                topic);
    }

    private void configure(String verb, String setting) {
        tool.run(
                ConfigCommand::main,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "kept",
                verb,
                setting);
    }

    @Test
    void compactionIsASettingOfANewTopic() {
        create("latest", 1, "--config", "cleanup.policy=compact");
        assertThat(topicSettings("latest")).contains("cleanup.policy=compact");
    }

    @Test
    void groupsOfBothProtocolsAreListedDescribedResetAndDeleted() {
        create("grouped", 3);
        produce("grouped", numbers("g", 30));
        for (String protocol : List.of("classic", "consumer")) {
            String group = "readers-" + protocol;
            String said =
                    consume(
                            "grouped",
                            30,
                            "--group",
                            group,
                            "--from-beginning",
                            "--consumer-property",
                            "group.protocol=" + protocol);
            assertThat(said.lines().filter(line -> line.startsWith("g")).distinct()).hasSize(30);
            assertThat(groups("--list")).contains(group);
            await().until(() -> isEmpty(group));
            assertThat(lag(group)).isZero();
            reset(group);
            assertThat(lag(group)).isEqualTo(30);
            assertThat(groups("--delete", "--group", group)).contains("successful");
            assertThat(groups("--list")).doesNotContain(group);
        }
    }

    private String groups(String... arguments) {
        return tool.run(ConsumerGroupCommand::main, arguments);
    }

    private boolean isEmpty(String group) {
        return groups("--describe", "--group", group, "--state").contains("Empty");
    }

    private void reset(String group) {
        assertThat(
                        groups(
                                "--reset-offsets",
                                "--group",
                                group,
                                "--topic",
                                "grouped",
                                "--to-earliest",
                                "--execute"))
                .contains(group);
    }

    /// The sum of the column LAG.
    private long lag(String group) {
        return groups("--describe", "--group", group)
                .lines()
                .filter(line -> line.startsWith(group))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[5]))
                .sum();
    }

    @Test
    void aShareGroupIsReadDescribedAndDeleted() {
        create("shared", 1);
        tool.run(
                ConfigCommand::main,
                "--alter",
                "--entity-type",
                "groups",
                "--entity-name",
                "workers",
                "--add-config",
                "share.auto.offset.reset=earliest");
        produce("shared", numbers("s", 20));
        String said =
                tool.run(
                        ConsoleShareConsumer::main,
                        "--topic",
                        "shared",
                        "--group",
                        "workers",
                        "--max-messages",
                        "20",
                        "--timeout-ms",
                        "30000");
        assertThat(said.lines().filter(line -> line.startsWith("s")).distinct()).hasSize(20);
        assertThat(tool.run(ShareGroupCommand::main, "--list")).contains("workers");
        assertThat(tool.run(ShareGroupCommand::main, "--describe", "--group", "workers"))
                .contains("shared");
        assertThat(tool.run(GroupsCommand::main, "--list")).contains("workers", "Share");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        tool.ended(ShareGroupCommand::main, "", "--delete", "--group", "workers")
                                        .exitCode()
                                == 0);
    }

    @Test
    void transactionsAreListedAndDescribed() {
        create("booked", 1);
        produce("booked", "one\n", "--command-property", "enable.idempotence=true");
        assertThat(
                        tool.run(
                                TransactionsCommand::main,
                                "describe-producers",
                                "--topic",
                                "booked",
                                "--partition",
                                "0"))
                .contains("ProducerId", "LastSequence");
        assertThat(tool.run(TransactionsCommand::main, "list")).contains("TransactionalId");
    }

    /// Apache Kafka is started with an authorizer.
    @Test
    @EnabledIfSystemProperty(named = "kafka.server", matches = "millrace")
    void whoWantsAccessListsIsToldThatThereIsNoSecurity() {
        refusesAccessLists("--list");
        refusesAccessLists(
                "--add", "--topic", "any", "--allow-principal", "User:a", "--operation", "Read");
        refusesAccessLists("--remove", "--topic", "any", "--force");
    }

    private void refusesAccessLists(String... arguments) {
        Program.Ended ended = tool.ended(AclCommand::main, "", arguments);
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output())
                .contains("SecurityDisabledException", "this server has no security configured");
    }

    @Test
    void theClusterSaysWhoItIsAndWhatItCan() {
        Program.Ended id =
                Tool.bare(
                        ClusterTool::main,
                        "",
                        "cluster-id",
                        "--bootstrap-server",
                        server.bootstrap());
        assertThat(id.good()).startsWith("Cluster ID: ");
        assertThat(tool.run(BrokerApiVersionsCommand::main))
                .contains("Produce(0)", "Fetch(1)", "ApiVersions(18)", "usable");
    }
}
