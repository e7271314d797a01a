package io.millrace.system.mqtt;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Millrace as a process of its own, with its own libraries, which are not those of this test; or
/// another broker that runs already: `-Dmillrace.mqtt.peer=127.0.0.1:1883`, and
/// `-Dmillrace.mqtt.peer.websocket=` for its WebSocket. What passes there is a promise that users
/// of MQTT know, and not a mistake of the test.
///
/// @param process of Millrace
/// @param http where Millrace serves HTTP
record ServerUnderTest(
        Endpoint tcp, Endpoint webSocket, @Nullable Process process, @Nullable URI http)
        implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready in \\d+ ms: (http://\\S+)");
    private static final long STOP_SECONDS_MAX = 30;

    static boolean isMillrace() {
        return System.getProperty("millrace.mqtt.peer", "").isEmpty();
    }

    static ServerUnderTest start(Path data) throws IOException {
        if (isMillrace()) {
            return millrace(data);
        }
        return new ServerUnderTest(
                Endpoint.parse(System.getProperty("millrace.mqtt.peer"), false),
                Endpoint.parse(System.getProperty("millrace.mqtt.peer.websocket"), true),
                null,
                null);
    }

    private static ServerUnderTest millrace(Path data) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
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
                        data.toString(),
                        "--port",
                        "0",
                        "--mqtt-port",
                        Integer.toString(port));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // A test that fails in the middle leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        URI http = awaitReady(process);
        return new ServerUnderTest(
                new Endpoint("127.0.0.1", port, false),
                new Endpoint(http.getHost(), http.getPort(), true),
                process,
                http);
    }

    /// What the build has written beside the server's classes.
    private static String classPath() throws IOException {
        Path built = Path.of(System.getProperty("millrace.mqtt.server"));
        return built.resolve("classes")
                + File.pathSeparator
                + Files.readString(built.resolve("classpath.txt")).strip();
    }

    private static URI awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher matcher = READY.matcher(line);
            if (matcher.find()) {
                Thread.ofVirtual().start(() -> drain(output));
                return URI.create(matcher.group(1));
            }
        }
        throw new AssertionError("the server did not start:\n" + String.join("\n", said));
    }

    /// A server must not wait for somebody to read what it says.
    private static void drain(BufferedReader output) {
        boolean echo = Boolean.getBoolean("millrace.mqtt.echo");
        try {
            output.lines()
                    .forEach(line -> {
                        if (echo) {
                            System.err.println("server: " + line);
                        }
                    });
        } catch (UncheckedIOException _) {
            // It was stopped.
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.toHandle().destroy();
        Process ended =
                process.onExit()
                        .completeOnTimeout(process, STOP_SECONDS_MAX, TimeUnit.SECONDS)
                        .join();
        if (ended.isAlive()) {
            process.destroyForcibly();
            throw new AssertionError("the server did not stop");
        }
    }
}
