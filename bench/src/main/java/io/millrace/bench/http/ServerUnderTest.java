package io.millrace.bench.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a process of its own: Millrace as it is shipped, by `bin/millrace`, or [BareServer]
/// with the same flags. To be run from the root of the sources, on Linux.
public final class ServerUnderTest implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready in (\\d+) ms: (http://\\S+)");
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final Process process;
    private final int port;
    private final long readyMillis;
    private final long startedNanos;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerUnderTest(Process process, int port, long readyMillis, long startedNanos) {
        this.process = process;
        this.port = port;
        this.readyMillis = readyMillis;
        this.startedNanos = startedNanos;
    }

    public static ServerUnderTest millrace(Path data) throws IOException {
        return start(List.of("bin/millrace", "serve", "--data", data.toString(), "--port", "0"));
    }

    /// With a configuration file.
    public static ServerUnderTest millrace(Path data, Path configuration) throws IOException {
        return start(
                List.of(
                        "bin/millrace",
                        "serve",
                        "--data",
                        data.toString(),
                        "--port",
                        "0",
                        "--config",
                        configuration.toString()));
    }

    /// With a port for Kafka's clients.
    public static ServerUnderTest millrace(Path data, int kafkaPort) throws IOException {
        return start(
                List.of(
                        "bin/millrace",
                        "serve",
                        "--data",
                        data.toString(),
                        "--port",
                        "0",
                        "--kafka-port",
                        Integer.toString(kafkaPort)));
    }

    /// With a port for MQTT's clients.
    public static ServerUnderTest millraceMqtt(Path data, int mqttPort) throws IOException {
        return start(
                List.of(
                        "bin/millrace",
                        "serve",
                        "--data",
                        data.toString(),
                        "--port",
                        "0",
                        "--mqtt-port",
                        Integer.toString(mqttPort)));
    }

    static ServerUnderTest bare() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return start(
                List.of(
                        "bash",
                        "-c",
                        ". bin/jvm-flags && exec \"$1\" $JVM_FLAGS_ALL $JVM_FLAGS_SERVER -cp \"$2\" \"$3\" \"$4\"",
                        "bare",
                        java,
                        System.getProperty("java.class.path"),
                        BareServer.class.getName(),
                        Integer.toString(port)));
    }

    private static ServerUnderTest start(List<String> command) throws IOException {
        long started = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                long now = System.nanoTime();
                Thread.ofVirtual().start(() -> drain(output));
                return new ServerUnderTest(
                        process,
                        URI.create(ready.group(2)).getPort(),
                        Long.parseLong(ready.group(1)),
                        now - started);
            }
        }
        throw new IOException("the server did not start: " + String.join("\n", said));
    }

    /// What the server has to say is no good news.
    private static void drain(BufferedReader output) {
        try {
            output.lines().forEach(System.err::println);
        } catch (UncheckedIOException _) {
            // The server has ended.
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// What the server says of its start, in milliseconds since the process began.
    public long readyMillis() {
        return readyMillis;
    }

    /// From starting the script to hearing that the server is ready, in milliseconds.
    public long startedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(startedNanos);
    }

    /// Processor time of the process until now, in milliseconds.
    public long cpuMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    /// Live objects on the heap, after a collection, in megabytes (10^6 bytes).
    public long liveMegabytes() throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram =
                new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader lines = histogram.inputReader(StandardCharsets.UTF_8)) {
            String total =
                    lines.lines().filter(line -> line.startsWith("Total")).findAny().orElseThrow();
            return Long.parseLong(total.strip().split("\\s+", -1)[2]) / 1_000_000;
        }
    }

    /// Resident memory in megabytes (10^6 bytes).
    public long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000;
            }
        }
        throw new IOException("no VmRSS for process " + process.pid());
    }

    /// Applies resources and fails if that is refused.
    public void apply(String yaml) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/apply"))
                        .header("content-type", "application/yaml")
                        .POST(HttpRequest.BodyPublishers.ofString(yaml))
                        .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
    }

    /// Ends it as a failure does, without time for anything.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
