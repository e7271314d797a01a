package io.millrace.bench.kafka;

import io.millrace.bench.queue.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// Apache Kafka, one node in KRaft mode, with the Java options of its own scripts and the settings
/// that it is shipped with, but for the listeners, the replication of a single node, and that it
/// looks every second for what is not to be kept, as Millrace does.
public final class ApacheKafka implements KafkaSide {
    private static final List<String> JVM =
            List.of(
                    "-Xmx1G",
                    "-Xms1G",
                    "-server",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35",
                    "-XX:+ExplicitGCInvokesConcurrent",
                    "-Djava.awt.headless=true",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED");
    private static final String CLUSTER = "bWlsbHJhY2UtYmVuY2gtMA";
    private static final int FORMAT_SECONDS_MAX = 60;

    private final BrokerProcess process;
    private final int port;

    private ApacheKafka(BrokerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param libraries a folder with Kafka's jars, as `libs` of its distribution
    public static ApacheKafka start(Path folder, Path libraries)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        Path settings =
                Files.writeString(
                        folder.resolve("server.properties"),
                        settings(folder.resolve("log"), port, BrokerProcess.freePort()));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(JVM);
        command.addAll(List.of("-cp", libraries + "/*"));
        List<String> format = new ArrayList<>(command);
        format.addAll(List.of("kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER));
        format.addAll(List.of("--config", settings.toString()));
        run(format, folder.resolve("format.log"));
        command.addAll(List.of("kafka.Kafka", settings.toString()));
        BrokerProcess process = BrokerProcess.start(command, Map.of(), folder.resolve("kafka.log"));
        process.awaitPort(port);
        return new ApacheKafka(process, port);
    }

    private static void run(List<String> command, Path log)
            throws IOException, InterruptedException {
        Process format =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!format.waitFor(FORMAT_SECONDS_MAX, TimeUnit.SECONDS) || format.exitValue() != 0) {
            throw new IOException("Kafka's storage was not formatted: " + Files.readString(log));
        }
    }

    private static String settings(Path log, int port, int controllerPort) {
        return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        num.network.threads=3
        num.io.threads=8
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        log.retention.check.interval.ms=1000
        log.initial.task.delay.ms=1000
        """
                .formatted(port, controllerPort, log);
    }

    @Override
    public String name() {
        return "Apache Kafka";
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void create(Topics topics) throws IOException, InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        Map<String, String> settings = new HashMap<>();
        if (topics.synced()) {
            settings.put("flush.messages", "1");
        }
        if (topics.keptBytes() > 0) {
            settings.put("retention.bytes", Long.toString(topics.keptBytes()));
            settings.put("segment.bytes", Long.toString(topics.keptBytes() / 4));
            settings.put("file.delete.delay.ms", "1000");
        }
        for (int i = 0; i < topics.count(); i++) {
            wanted.add(
                    new NewTopic(topics.topic(i), topics.partitions(), (short) 1)
                            .configs(settings));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(wanted).all().get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
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
