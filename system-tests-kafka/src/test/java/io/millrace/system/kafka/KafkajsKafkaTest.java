package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// kafkajs: topics, producers, groups, transactions, admin. What is checked stands in
/// `js/round.mjs`.
@Tag("slow")
@Timeout(120)
final class KafkajsKafkaTest {
    private static final Path FOLDER = Path.of("js");

    @Test
    void kafkajsFindsWhatItNeeds(@TempDir Path data) throws Exception {
        assumeThat(FOLDER.resolve("node_modules/kafkajs"))
                .as("kafkajs is installed: npm ci in system-tests-kafka/js")
                .isDirectory();
        try (KafkaServer server = KafkaServer.start(data)) {
            String script = FOLDER.resolve("round.mjs").toString();
            Program.Ended ended = Program.of("node", script, server.bootstrap()).run();
            assertThat(ended.good().lines().toList().getLast()).isEqualTo("fine");
        }
    }
}
