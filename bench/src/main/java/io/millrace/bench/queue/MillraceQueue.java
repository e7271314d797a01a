package io.millrace.bench.queue;

import io.millrace.bench.http.BlockingConnection;
import io.millrace.bench.http.ServerUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// Millrace: a queue over HTTP/1.1. A batch of jobs is one request; a worker receives up to 100
/// with one request and completes them with the next. The clients look for nothing but the tokens
/// in what they receive, as this measures servers.
final class MillraceQueue implements WorkQueue {
    private static final byte[] ENQUEUE =
            BlockingConnection.head(
                    "POST", "/queues/jobs", "application/cloudevents-batch+json; charset=utf-8");
    private static final byte[] SETTLE =
            BlockingConnection.head("POST", "/queues/jobs/settle", "application/json");
    private static final String TOKEN = "\"token\":\"";

    private final ServerUnderTest server;
    private final String name;

    private MillraceQueue(ServerUnderTest server, String name) {
        this.server = server;
        this.name = name;
    }

    static MillraceQueue start(Path folder, String durability, Duration window)
            throws IOException, InterruptedException {
        ServerUnderTest server = ServerUnderTest.millrace(folder);
        server.apply(
                """
                kind: Queue
                name: jobs
                durability: %s
                duplicateWindow: %ds
                """
                        .formatted(durability, window.toSeconds()));
        return new MillraceQueue(server, "Millrace, " + durability + " queue");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Publisher publisher() throws IOException {
        return new HttpPublisher(new BlockingConnection(server.address()));
    }

    @Override
    public Worker worker() throws IOException {
        return new HttpWorker(new BlockingConnection(server.address()));
    }

    @Override
    public long cpuMillis() {
        return server.cpuMillis();
    }

    @Override
    public void stop() {
        server.close();
    }

    private record HttpPublisher(BlockingConnection connection) implements Publisher {
        @Override
        public void publish(int jobs) throws IOException {
            StringBuilder batch = new StringBuilder(jobs * (Jobs.BYTES + 120));
            for (int i = 0; i < jobs; i++) {
                batch.append(i == 0 ? '[' : ',')
                        .append("{\"specversion\":\"1.0\",\"id\":\"")
                        .append(Jobs.nextId())
                        .append("\",\"source\":\"/bench\",\"type\":\"job\",")
                        .append("\"datacontenttype\":\"text/plain\",\"data\":\"")
                        .append(Jobs.TEXT)
                        .append("\"}");
            }
            connection.exchange(
                    ENQUEUE, batch.append(']').toString().getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void disconnect() throws IOException {
            connection.close();
        }
    }

    private record HttpWorker(BlockingConnection connection) implements Worker {
        private static final byte[] NOTHING = {};

        @Override
        public int work(int jobsMax) throws IOException {
            connection.exchange(
                    BlockingConnection.head(
                            "POST",
                            "/queues/jobs/receive?wait=1s&max=" + jobsMax,
                            "application/json"),
                    NOTHING);
            String leases = connection.body();
            StringBuilder settlements = new StringBuilder(jobsMax * 80);
            int jobs = 0;
            for (int at = leases.indexOf(TOKEN);
                    at >= 0;
                    at = leases.indexOf(TOKEN, at + Jobs.BYTES)) {
                int from = at + TOKEN.length();
                settlements
                        .append(jobs == 0 ? "{\"settlements\":[" : ",")
                        .append("{\"token\":\"")
                        .append(leases, from, leases.indexOf('"', from))
                        .append("\",\"action\":\"complete\"}");
                jobs++;
            }
            if (jobs > 0) {
                settlements.append("]}");
                connection.exchange(
                        SETTLE, settlements.toString().getBytes(StandardCharsets.US_ASCII));
                if (!connection.body().endsWith("\"refused\":0}")) {
                    throw new IOException("completing was refused: " + connection.body());
                }
            }
            return jobs;
        }

        @Override
        public void disconnect() throws IOException {
            connection.close();
        }
    }
}
