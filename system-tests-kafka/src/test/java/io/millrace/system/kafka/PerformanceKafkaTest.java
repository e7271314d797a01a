package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kafka.admin.ConfigCommand;
import org.apache.kafka.tools.ConsumerPerformance;
import org.apache.kafka.tools.EndToEndLatency;
import org.apache.kafka.tools.ProducerPerformance;
import org.apache.kafka.tools.ShareConsumerPerformance;
import org.apache.kafka.tools.TopicCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's own programs that measure come to their end and count right; how fast they are is not
/// looked at here.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class PerformanceKafkaTest {
    private static final String RECORDS = "20000";

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

    private String produce(String topic, String... properties) {
        tool.run(TopicCommand::main, "--create", "--topic", topic, "--partitions", "4");
        String[] arguments = {
            "--topic",
            topic,
            "--num-records",
            RECORDS,
            "--record-size",
            "200",
            "--throughput",
            "-1",
            "--bootstrap-server",
            server.bootstrap(),
            "--command-property",
            String.join(",", properties)
        };
        return Tool.bare(ProducerPerformance::main, "", arguments).good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void producersCountWhatTheySend(String compression) {
        assertThat(produce("speed-" + compression, "compression.type=" + compression))
                .contains(RECORDS + " records sent");
    }

    @Test
    void consumersCountWhatTheyRead() {
        produce("speed-read", "acks=all");
        String said =
                tool.run(
                        ConsumerPerformance::main,
                        "--topic",
                        "speed-read",
                        "--num-records",
                        RECORDS,
                        "--timeout",
                        "30000");
        assertThat(said).contains(", " + RECORDS + ", ");
    }

    @Test
    void shareConsumersCountWhatTheyTake() {
        produce("speed-share", "acks=all");
        tool.run(
                ConfigCommand::main,
                "--alter",
                "--entity-type",
                "groups",
                "--entity-name",
                "speed-sharers",
                "--add-config",
                "share.auto.offset.reset=earliest");
        String said =
                tool.run(
                        ShareConsumerPerformance::main,
                        "--topic",
                        "speed-share",
                        "--group",
                        "speed-sharers",
                        "--num-records",
                        RECORDS,
                        "--timeout",
                        "30000");
        assertThat(said.lines().toList().getLast()).contains(", " + RECORDS + ",");
    }

    @Test
    void recordsGoEndToEnd() {
        tool.run(TopicCommand::main, "--create", "--topic", "there-and-back");
        String said =
                tool.run(
                        EndToEndLatency::main,
                        "--topic",
                        "there-and-back",
                        "--num-records",
                        "200",
                        "--producer-acks",
                        "all",
                        "--record-size",
                        "100");
        assertThat(said).contains("Percentiles: 50th = ");
    }
}
