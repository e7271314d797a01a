package io.millrace.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// An example that publishes to a server, in a process of its own, at twenty times its usual rate
/// so that nobody has to wait for its events.
final class ExampleProcess implements AutoCloseable {
    private static final String BUILDING = "building-41";
    private static final int BUILDING_SENSORS = 96;

    private final @Nullable Process process;

    private ExampleProcess(@Nullable Process process) {
        this.process = process;
    }

    /// Starts an example and waits until each of its sensors has been heard of; without a name,
    /// nothing is started.
    static ExampleProcess start(@Nullable String name, URI server) throws IOException {
        if (name == null) {
            return new ExampleProcess(null);
        }
        if (!name.equals(BUILDING)) {
            throw new IllegalArgumentException("there is no example " + name);
        }
        List<String> command =
                new JavaCommand("io.millrace.example.building41.Main")
                        .with(
                                "--server",
                                server.toString(),
                                "--over",
                                "http",
                                "--rate",
                                "20",
                                "--port",
                                "0");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        ExampleProcess example = new ExampleProcess(process);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest metrics =
                    HttpRequest.newBuilder(server.resolve("/api/v1/contexts")).build();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            client.send(metrics, HttpResponse.BodyHandlers.ofString())
                                    .body()
                                    .contains("\"contexts\":" + BUILDING_SENSORS + ","));
        } catch (RuntimeException e) {
            example.close();
            throw e;
        }
        return example;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
