package io.millrace.system;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A standalone session cluster of Flink: a process for the JobManager and one for a TaskManager,
/// made of the jars that queries have anyway. For one thread.
final class FlinkCluster implements AutoCloseable {
    private static final String LOGGING =
            """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss} %level %logger{0} %msg%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="out"/></root>
            </configuration>
            """;

    /// What Flink's own scripts open for it.
    private static final List<String> OPENED =
            List.of(
                    "java.lang",
                    "java.net",
                    "java.io",
                    "java.nio",
                    "sun.nio.ch",
                    "java.lang.reflect",
                    "java.text",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int restPort;
    private final Process jobManager;
    private @Nullable Process taskManager;

    FlinkCluster(Path folder) throws IOException {
        this.folder = folder;
        this.restPort = freePort();
        Path config = Files.createDirectories(folder.resolve("conf")).resolve("config.yaml");
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Files.writeString(config, config(freePort(), restPort, temporary));
        Files.writeString(config.resolveSibling("logback.xml"), LOGGING);
        jobManager =
                start("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
        // A TaskManager that finds nobody ends.
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> get("/overview").has("taskmanagers"));
        startTaskManager();
    }

    private static String config(int rpcPort, int restPort, Path temporary) {
        return """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.port: %d
        rest.bind-address: 127.0.0.1
        io.tmp.dirs: %s
        taskmanager.numberOfTaskSlots: 4
        taskmanager.cpu.cores: 4
        taskmanager.memory.framework.heap.size: 64m
        taskmanager.memory.framework.off-heap.size: 64m
        taskmanager.memory.task.heap.size: 200m
        taskmanager.memory.task.off-heap.size: 0m
        taskmanager.memory.network.min: 32m
        taskmanager.memory.network.max: 32m
        taskmanager.memory.managed.size: 64m
        taskmanager.memory.jvm-metaspace.size: 128m
        taskmanager.memory.jvm-overhead.min: 64m
        taskmanager.memory.jvm-overhead.max: 64m
        metrics.fetcher.update-interval: 1000
        heartbeat.interval: 1000
        heartbeat.timeout: 10000
        """
                .formatted(rpcPort, restPort, temporary);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    void startTaskManager() throws IOException {
        taskManager = start("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    }

    /// Kills it as `kill -9` does.
    void killTaskManager() throws InterruptedException {
        Process running = Objects.requireNonNull(taskManager);
        running.destroyForcibly();
        running.waitFor();
    }

    private Process start(String main) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.java());
        command.add("-Xmx512m");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dlogback.configurationFile=" + folder.resolve("conf/logback.xml"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", classPath(), main, "-c", folder.resolve("conf").toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        folder.resolve("flink.log").toFile()))
                        .start();
        // A test that fails in the middle leaves nothing behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    /// Flink without Millrace.
    private static String classPath() {
        Stream<String> logging =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry ->
                                new File(entry).getName().matches("(slf4j-api|logback).*"));
        return String.join(
                File.pathSeparator,
                Stream.concat(Stream.of(QueryModule.libraries()), logging).toList());
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + restPort);
    }

    /// The jobs that run, or are being started again.
    List<String> jobs() {
        List<String> jobs = new ArrayList<>();
        for (JsonNode job : get("/jobs").path("jobs")) {
            switch (job.path("status").asString()) {
                case "CANCELED", "FAILED", "FINISHED" -> {}
                default -> jobs.add(job.path("id").asString());
            }
        }
        return jobs;
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(address().resolve(path)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return mapper.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        for (Process process : new Process[] {taskManager, jobManager}) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
