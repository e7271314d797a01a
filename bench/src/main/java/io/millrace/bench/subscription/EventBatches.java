package io.millrace.bench.subscription;

import io.millrace.bench.http.BlockingConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Publishes events of a sensor in batches, over one connection. Owned by one thread.
final class EventBatches implements AutoCloseable {
    private static final String CONTENT_TYPE = "application/cloudevents-batch+json; charset=utf-8";

    private final BlockingConnection connection;

    EventBatches(BlockingConnection connection) {
        this.connection = connection;
    }

    /// Makes a batch, to be published as often as one likes.
    static byte[] batch(int events) {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < events; i++) {
            batch.append(i == 0 ? '[' : ',')
                    .append("{\"specversion\":\"1.0\",\"id\":\"e")
                    .append(1_000_000 + i)
                    .append("\",\"source\":\"/sensors/climate\",\"type\":\"climate.v1\",")
                    .append("\"time\":\"2026-03-01T12:00:00.5Z\",\"data\":{\"temperature\":21.5}}");
        }
        return batch.append(']').toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] head(String context) {
        return BlockingConnection.head("POST", "/events" + context, CONTENT_TYPE);
    }

    void publish(byte[] head, byte[] batch) throws IOException {
        connection.exchange(head, batch);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
