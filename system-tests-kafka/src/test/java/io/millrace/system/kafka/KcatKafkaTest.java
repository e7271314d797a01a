package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/// librdkafka, by way of its program kcat.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class KcatKafkaTest {
    private KafkaServer server;
    private Tool tool;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        assumeThat(isInstalled()).as("kcat is on the PATH").isTrue();
        server = KafkaServer.start(data);
        tool = new Tool(server.bootstrap());
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
    }

    private void create(String topic, int partitions) {
        tool.run(
                TopicCommand::main,
                "--create",
                "--topic",
                topic,
                "--partitions",
                Integer.toString(partitions));
    }

    private String kcat(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", server.bootstrap(), "-q"));
        command.addAll(List.of(arguments));
        return new Program(List.copyOf(command), input).run().good();
    }

    @Test
    void metadataShowsBrokerAndPartitions() throws Exception {
        create("seen", 3);
        assertThat(kcat("", "-L", "-t", "seen"))
                .contains("1 brokers:", server.bootstrap(), "topic \"seen\" with 3 partitions");
    }

    @Test
    void keysHeadersAndOffsetsComeBack() throws Exception {
        create("marked", 1);
        kcat(
                "k1:one\nk2:zwölf\n",
                "-P",
                "-t",
                "marked",
                "-K:",
                "-H",
                "colour=blau",
                "-H",
                "empty=");
        assertThat(read("marked", "beginning", "%o %k %h %s\\n"))
                .isEqualTo("0 k1 colour=blau,empty= one\n1 k2 colour=blau,empty= zwölf");
        assertThat(read("marked", "1", "%s\\n")).isEqualTo("zwölf");
        assertThat(read("marked", "-1", "%s\\n")).isEqualTo("zwölf");
    }

    private String read(String topic, String from, String format) throws Exception {
        return kcat("", "-C", "-t", topic, "-o", from, "-e", "-f", format);
    }

    @Test
    void nullAndEmptyValuesAreTwoThings() throws Exception {
        create("hollow", 1);
        kcat("a:\nb:x\n", "-P", "-t", "hollow", "-K:", "-Z");
        kcat("c:\n", "-P", "-t", "hollow", "-K:");
        assertThat(read("hollow", "beginning", "%k%S ")).isEqualTo("a-1 b1 c0 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyCompressionComesBack(String compression) throws Exception {
        String topic = "packed-" + compression;
        create(topic, 2);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("a line that looks much like the others, number ").append(i).append('\n');
        }
        kcat(lines.toString(), "-P", "-t", topic, "-z", compression);
        String said = kcat("", "-C", "-t", topic, "-o", "beginning", "-e");
        assertThat(said.lines().toList())
                .containsExactlyInAnyOrderElementsOf(lines.toString().lines().toList());
    }

    @Test
    void anIdempotentProducerIsTaken() throws Exception {
        create("careful", 1);
        kcat("once\n", "-P", "-t", "careful", "-X", "enable.idempotence=true");
        assertThat(read("careful", "beginning", "%s")).isEqualTo("once");
    }

    @Test
    void aTransactionalProducerIsTaken() throws Exception {
        create("agreed", 1);
        kcat("both\nor none\n", "-P", "-t", "agreed", "-X", "transactional.id=kcat");
        assertThat(
                        kcat(
                                "",
                                "-C",
                                "-t",
                                "agreed",
                                "-o",
                                "beginning",
                                "-e",
                                "-X",
                                "isolation.level=read_committed"))
                .isEqualTo("both\nor none");
    }

    @Test
    void aGroupGoesOnWhereItWas() throws Exception {
        create("followed", 2);
        kcat("1\n2\n3\n", "-P", "-t", "followed");
        assertThat(group("3").lines().toList()).containsExactlyInAnyOrder("1", "2", "3");
        kcat("4\n5\n", "-P", "-t", "followed");
        assertThat(group("2").lines().toList()).containsExactlyInAnyOrder("4", "5");
    }

    private String group(String count) throws Exception {
        return kcat("", "-X", "auto.offset.reset=earliest", "-c", count, "-G", "kcats", "followed");
    }

    @Test
    void offsetsAreFoundByTime() throws Exception {
        create("timed", 1);
        kcat("x\ny\n", "-P", "-t", "timed");
        assertThat(kcat("", "-Q", "-t", "timed:0:-2")).contains("offset 0");
        assertThat(kcat("", "-Q", "-t", "timed:0:-1")).contains("offset 2");
        assertThat(kcat("", "-Q", "-t", "timed:0:1000")).contains("offset 0");
    }
}
