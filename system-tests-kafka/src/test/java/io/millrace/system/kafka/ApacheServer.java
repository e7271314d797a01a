package io.millrace.system.kafka;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Apache Kafka, one node in KRaft mode, from this test's class path.
final class ApacheServer implements KafkaServer {
    private static final Pattern READY = Pattern.compile("Kafka Server started");
    private static final String CLUSTER = "bWlsbHJhY2UtdGVzdHMtMA";

    private final Path settings;
    private final int port;
    private ServerProcess process;

    private ApacheServer(Path settings, int port) throws IOException {
        this.settings = settings;
        this.port = port;
        this.process = launch(settings);
    }

    static ApacheServer start(Path data) throws IOException, InterruptedException {
        int port = KafkaServer.freePort();
        Files.createDirectories(data);
        Path settings =
                Files.writeString(
                        data.resolve("server.properties"),
                        settings(data.resolve("log"), port, KafkaServer.freePort()));
        format(settings);
        return new ApacheServer(settings, port);
    }

    private static void format(Path settings) throws IOException, InterruptedException {
        Program.Ended ended =
                Program.java(
                                "kafka.tools.StorageTool",
                                "format",
                                "--cluster-id",
                                CLUSTER,
                                "--config",
                                settings.toString())
                        .run();
        if (ended.exitCode() != 0) {
            throw new AssertionError("the storage could not be formatted: " + ended);
        }
    }

    private static String settings(Path log, int port, int controllerPort) {
        return """
        process.roles=broker,controller
        node.id=0
        controller.quorum.voters=0@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        num.partitions=4
        offsets.topic.num.partitions=4
        offsets.topic.replication.factor=1
        transaction.state.log.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.num.partitions=4
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        group.share.min.heartbeat.interval.ms=500
        group.share.heartbeat.interval.ms=500
        broker.session.timeout.ms=6000
        broker.heartbeat.interval.ms=1000
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        super.users=User:ANONYMOUS
        """
                .formatted(port, controllerPort, log);
    }

    private static ServerProcess launch(Path settings) throws IOException {
        return ServerProcess.start(
                List.of(
                        ServerProcess.java(),
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=apache-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "kafka.Kafka",
                        settings.toString()),
                READY);
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public URI http() {
        throw new UnsupportedOperationException("Apache Kafka has no HTTP");
    }

    @Override
    public void crash() throws IOException, InterruptedException {
        kill();
        restart();
    }

    @Override
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void restart() throws IOException {
        process = launch(settings);
    }

    @Override
    public void close() {
        process.stop();
    }
}
