package io.millrace.bench.hivemq;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;

/// HiveMQ Community Edition, embedded, as then it lets clients in without an extension of its own.
/// Argument: its home folder, with `conf/config.xml` in it.
public final class HiveMqMain {
    private HiveMqMain() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        EmbeddedHiveMQ broker =
                EmbeddedHiveMQ.builder()
                        .withConfigurationFolder(home.resolve("conf"))
                        .withDataFolder(Files.createDirectories(home.resolve("data")))
                        .withExtensionsFolder(Files.createDirectories(home.resolve("extensions")))
                        .build();
        broker.start().join();
        Thread.currentThread().join();
    }
}
