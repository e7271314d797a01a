package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Official Java clients from 2018 until today, each in a process of its own.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class VersionsKafkaTest {
    private KafkaServer server;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = KafkaServer.start(data);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.1", "2.8.2", "3.9.0", "4.3.1", "4.4.0"})
    void aClientOfEachAgeGoesItsRound(String version) throws Exception {
        String topic = "round-" + version;
        Program.Ended ended =
                Program.javaOf(
                                classPath(version),
                                ClientRound.class.getName(),
                                server.bootstrap(),
                                topic)
                        .run();
        assertThat(ended.good().lines().toList().getLast()).isEqualTo("fine");
    }

    /// This test's class path with another client.
    private static String classPath(String version) {
        List<String> paths = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            boolean client = path.contains("kafka-clients-");
            paths.add(client && !path.contains(version) ? jar(version) : path);
        }
        return String.join(File.pathSeparator, paths);
    }

    private static String jar(String version) {
        Path folder = Path.of(System.getProperty("kafka.clients"));
        File[] files =
                folder.toFile().listFiles((_, name) -> name.contains("-" + version + ".jar"));
        assertThat(files).as(Arrays.toString(folder.toFile().list())).hasSize(1);
        return files[0].toString();
    }
}
