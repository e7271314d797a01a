package io.millrace.bench.kafka;

import io.millrace.bench.http.ServerUnderTest;
import io.millrace.bench.queue.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Millrace as `bin/millrace` starts it. Its streams are buffered unless synced ones are asked for,
/// as Kafka has what it answers in the page cache.
final class MillraceKafka implements KafkaSide {
    /// The streams that are always there.
    static final Set<String> OWN_TOPICS = Set.of("events", "millrace");

    private static final int DOCUMENTS_MAX = 100;

    private final ServerUnderTest server;
    private final int port;

    private MillraceKafka(ServerUnderTest server, int port) {
        this.server = server;
        this.port = port;
    }

    static MillraceKafka start(Path folder) throws IOException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        return new MillraceKafka(ServerUnderTest.millrace(folder.resolve("data"), port), port);
    }

    @Override
    public String name() {
        return "Millrace";
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void create(Topics topics) throws IOException, InterruptedException {
        StringBuilder documents = new StringBuilder();
        for (int i = 0; i < topics.count(); i++) {
            String name = topics.topic(i);
            documents.append(
                    """
                    kind: Stream
                    name: %s
                    mount: /topics/%s
                    partitions: %d
                    durability: %s
                    retention:
                      size: %s
                    ---
                    """
                            .formatted(
                                    name,
                                    name,
                                    topics.partitions(),
                                    topics.synced() ? "synced" : "buffered",
                                    topics.keptBytes() == 0
                                            ? "unlimited"
                                            : (topics.keptBytes() >> 20) + "MiB"));
            if (i % DOCUMENTS_MAX == DOCUMENTS_MAX - 1 || i == topics.count() - 1) {
                server.apply(documents.toString());
                documents.setLength(0);
            }
        }
    }

    @Override
    public long cpuMillis() {
        return server.cpuMillis();
    }

    @Override
    public long residentMegabytes() throws IOException {
        return server.residentMegabytes();
    }

    @Override
    public void stop() {
        server.close();
    }
}
