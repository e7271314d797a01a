package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import kafka.admin.ConfigCommand;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.VerifiableConsumer;
import org.apache.kafka.tools.VerifiableProducer;
import org.apache.kafka.tools.VerifiableShareConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The programs that Kafka's own system tests count with: what was acknowledged is received.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class VerifiableKafkaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int RECORDS = 2_000;

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

    private void produce(String topic) throws Exception {
        tool.run(TopicCommand::main, "--create", "--topic", topic, "--partitions", "4");
        String said =
                Program.java(
                                VerifiableProducer.class.getName(),
                                "--bootstrap-server",
                                server.bootstrap(),
                                "--topic",
                                topic,
                                "--max-messages",
                                Integer.toString(RECORDS),
                                "--repeating-keys",
                                "37",
                                "--acks",
                                "-1")
                        .run()
                        .good();
        assertThat(said).contains("\"acked\":" + RECORDS).contains("\"sent\":" + RECORDS);
    }

    private Program.Running consumer(Class<?> program, List<String> arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", server.bootstrap()));
        all.addAll(arguments);
        return Program.java(program.getName(), all.toArray(String[]::new)).start();
    }

    /// The values of all records that the programs report, which with `--verbose` is each.
    private static List<Integer> values(List<Program.Running> programs) {
        List<Integer> values = new ArrayList<>();
        for (Program.Running each : programs) {
            for (String line : each.lines()) {
                if (line.startsWith("{")) {
                    JsonNode report = JSON.readTree(line);
                    if (report.path("name").asString().equals("record_data")) {
                        values.add(Integer.parseInt(report.path("value").asString()));
                    }
                }
            }
        }
        return values;
    }

    private static void awaitAll(List<Program.Running> programs) throws Exception {
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> new TreeSet<>(values(programs)).size() == RECORDS);
        for (Program.Running each : programs) {
            assertThat(each.stop().output()).contains("shutdown_complete");
        }
    }

    @Test
    void twoConsumersOfAGroupReceiveAllThatWasAcknowledged() throws Exception {
        produce("verified");
        for (String protocol : List.of("classic", "consumer")) {
            List<String> arguments =
                    List.of(
                            "--topic",
                            "verified",
                            "--group-id",
                            "verifiers-" + protocol,
                            "--group-protocol",
                            protocol,
                            "--reset-policy",
                            "earliest",
                            "--verbose");
            try (Program.Running first = consumer(VerifiableConsumer.class, arguments);
                    Program.Running second = consumer(VerifiableConsumer.class, arguments)) {
                awaitAll(List.of(first, second));
            }
        }
    }

    @Test
    void twoShareConsumersReceiveEachRecordOnce() throws Exception {
        produce("verified-jobs");
        tool.run(
                ConfigCommand::main,
                "--alter",
                "--entity-type",
                "groups",
                "--entity-name",
                "sharers",
                "--add-config",
                "share.auto.offset.reset=earliest");
        List<String> arguments =
                List.of(
                        "--topic",
                        "verified-jobs",
                        "--group-id",
                        "sharers",
                        "--acknowledgement-mode",
                        "sync",
                        "--verbose");
        try (Program.Running first = consumer(VerifiableShareConsumer.class, arguments);
                Program.Running second = consumer(VerifiableShareConsumer.class, arguments)) {
            awaitAll(List.of(first, second));
            assertThat(values(List.of(first, second))).hasSize(RECORDS);
        }
    }
}
