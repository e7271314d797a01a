package io.millrace.system.kafka;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Millrace with its own libraries, which are not those of this test.
final class MillraceServer implements KafkaServer {
    private static final Pattern READY = Pattern.compile("ready in \\d+ ms: (http://\\S+)");

    private static final String SETTINGS = "millrace.yaml";

    private final Path data;
    private final int port;
    private ServerProcess process;

    private MillraceServer(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.process = launch();
    }

    static MillraceServer start(Path data) throws IOException {
        int port = KafkaServer.freePort();
        Files.createDirectories(data);
        Files.writeString(data.resolve(SETTINGS), "kafka: {initialRebalanceDelay: 0s}\n");
        return new MillraceServer(data, port);
    }

    private ServerProcess launch() throws IOException {
        return ServerProcess.start(
                List.of(
                        ServerProcess.java(),
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx512m",
                        "-cp",
                        classPath(),
                        "io.millrace.server.Main",
                        "--data",
                        data.resolve("data").toString(),
                        "--config",
                        data.resolve(SETTINGS).toString(),
                        "--port",
                        "0",
                        "--kafka-port",
                        Integer.toString(port)),
                READY);
    }

    /// What the build has written beside the server's classes.
    private static String classPath() throws IOException {
        Path built = Path.of(System.getProperty("kafka.server.millrace"));
        return built.resolve("classes")
                + File.pathSeparator
                + Files.readString(built.resolve("classpath.txt")).strip();
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public URI http() {
        return URI.create(process.ready().group(1));
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
        process = launch();
    }

    @Override
    public void close() {
        process.stop();
    }
}
