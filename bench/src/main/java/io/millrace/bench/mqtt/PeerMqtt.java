package io.millrace.bench.mqtt;

import io.millrace.bench.kafka.ProcessMemory;
import io.millrace.bench.queue.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A broker to compare with. None of these has a message on disk before it acknowledges it:
///
/// - mosquitto in memory keeps nothing.
/// - mosquitto with persistence writes an image of all it holds, every so many seconds and when it
///   ends; what came since the last image is gone after a crash. `autosave_interval 1` promises
///   most; Debian ships 1800. It does nothing else while it writes the image.
/// - HiveMQ CE writes to files of its own in the background (`file`), or keeps nothing (`memory`).
///
/// Limits that would drop messages are lifted, as all that was published is counted.
record PeerMqtt(String name, int port, BrokerProcess process) implements MqttSide {
    /// Mosquitto counts unacknowledged messages of a client against this; without any limit it
    /// would run out of packet ids while a client takes what was kept for it.
    private static final int INFLIGHT_MAX = 10_000;

    private static final List<String> HIVEMQ_JVM =
            List.of(
                    "-Djava.net.preferIPv4Stack=true",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");

    /// @param autosaveSeconds between two images; 0 for none, all in memory
    static PeerMqtt mosquitto(Path folder, Path program, int autosaveSeconds)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        String settings =
                """
                listener %d 127.0.0.1
                allow_anonymous true
                set_tcp_nodelay true
                max_inflight_messages %d
                max_queued_messages 0
                log_type error
                log_type warning
                """
                        .formatted(port, INFLIGHT_MAX);
        if (System.getProperty("user.name").equals("root")) {
            settings += "user root\n";
        }
        if (autosaveSeconds > 0) {
            settings +=
                    """
                    persistence true
                    persistence_location %s/
                    autosave_interval %d
                    """
                            .formatted(folder, autosaveSeconds);
        }
        Path file = Files.writeString(folder.resolve("mosquitto.conf"), settings);
        BrokerProcess process =
                BrokerProcess.start(
                        List.of(program.toString(), "-c", file.toString()),
                        Map.of(),
                        folder.resolve("mosquitto.log"));
        process.awaitPort(port);
        String name =
                autosaveSeconds == 0
                        ? "mosquitto, in memory"
                        : "mosquitto, image every %d s".formatted(autosaveSeconds);
        return new PeerMqtt(name, port, process);
    }

    /// @param libraries a folder with HiveMQ's jars, as `bench/hivemq.xml` makes it
    /// @param mode `file` or `in-memory`
    static PeerMqtt hiveMq(Path folder, Path libraries, String mode)
            throws IOException, InterruptedException {
        int port = BrokerProcess.freePort();
        Files.writeString(
                Files.createDirectories(folder.resolve("conf")).resolve("config.xml"),
                """
                <hivemq>
                  <listeners>
                    <tcp-listener>
                      <port>%d</port>
                      <bind-address>127.0.0.1</bind-address>
                    </tcp-listener>
                  </listeners>
                  <mqtt>
                    <queued-messages>
                      <max-queue-size>100000000</max-queue-size>
                    </queued-messages>
                  </mqtt>
                  <persistence>
                    <mode>%s</mode>
                  </persistence>
                  <anonymous-usage-statistics>
                    <enabled>false</enabled>
                  </anonymous-usage-statistics>
                </hivemq>
                """
                        .formatted(port, mode));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(HIVEMQ_JVM);
        command.addAll(List.of("-cp", libraries + "/*", "io.millrace.bench.hivemq.HiveMqMain"));
        command.add(folder.toString());
        BrokerProcess process =
                BrokerProcess.start(command, Map.of(), folder.resolve("hivemq.log"));
        process.awaitPort(port);
        return new PeerMqtt(
                mode.equals("file") ? "HiveMQ CE, files" : "HiveMQ CE, in memory", port, process);
    }

    @Override
    public void create(String root, boolean synced) {
        // They have no such places.
    }

    @Override
    public long cpuMillis() {
        return process.cpuMillis();
    }

    @Override
    public long residentMegabytes() throws IOException {
        return ProcessMemory.residentMegabytes(process.pid());
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop();
    }
}
