package io.millrace.system.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A distributed worker of Kafka Connect, as a process of its own, that writes what its sources
/// read exactly once. It can be killed and started again: it then reads its topics of offsets to
/// the end before it does anything else, which has to wait for the transaction that it left open
/// there, so this may not last for long. For one thread.
final class ConnectWorker implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BAD_REQUEST = 400;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;
    private final Program program;
    private Program.Running running;

    private ConnectWorker(URI address, Program program) throws IOException {
        this.address = address;
        this.program = program;
        this.running = program.start();
    }

    /// Starts it; it may take some time until it answers.
    static ConnectWorker start(Path folder, String bootstrap) throws IOException {
        URI address = URI.create("http://127.0.0.1:" + KafkaServer.freePort());
        Path settings =
                Files.writeString(
                        folder.resolve("worker.properties"), settings(bootstrap, address));
        return new ConnectWorker(
                address,
                Program.java(
                        "org.apache.kafka.connect.cli.ConnectDistributed", settings.toString()));
    }

    private static String settings(String bootstrap, URI address) {
        return """
        bootstrap.servers=%s
        listeners=%s
        group.id=connect
        key.converter=org.apache.kafka.connect.storage.StringConverter
        value.converter=org.apache.kafka.connect.json.JsonConverter
        value.converter.schemas.enable=false
        config.storage.topic=connect-configs
        offset.storage.topic=connect-offsets
        status.storage.topic=connect-status
        config.storage.replication.factor=1
        offset.storage.replication.factor=1
        status.storage.replication.factor=1
        offset.storage.partitions=4
        status.storage.partitions=2
        exactly.once.source.support=enabled
        producer.transaction.timeout.ms=5000
        offset.flush.interval.ms=500
        session.timeout.ms=6000
        heartbeat.interval.ms=1000
        scheduled.rebalance.max.delay.ms=0
        plugin.discovery=service_load
        """
                .formatted(bootstrap, address);
    }

    /// Makes a connector, or gives it another configuration.
    ///
    /// @return whether the worker has taken it; it does not while it starts or its group has no
    ///   leader
    boolean put(String connector, Map<String, String> config) throws InterruptedException {
        HttpRequest request =
                request("/connectors/" + connector + "/config")
                        .header("content-type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(config)))
                        .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == BAD_REQUEST) {
                throw new AssertionError(answer.body());
            }
            return answer.statusCode() < 300;
        } catch (IOException _) {
            return false;
        }
    }

    /// The states of a connector's tasks: none while the worker does not know.
    List<String> tasks(String connector) throws InterruptedException {
        try {
            HttpResponse<String> answer =
                    client.send(
                            request("/connectors/" + connector + "/status").build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() >= 300
                    ? List.of()
                    : JSON.readTree(answer.body())
                            .path("tasks")
                            .valueStream()
                            .map(task -> task.path("state").asString())
                            .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(30));
    }

    /// What it has said since it was started.
    List<String> lines() {
        return running.lines();
    }

    void kill() throws InterruptedException {
        running.kill();
    }

    /// Starts it again after [#kill].
    void restart() throws IOException {
        running = program.start();
    }

    @Override
    public void close() {
        running.close();
        client.close();
    }
}
