package io.millrace.cli.http;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;

/// Events on their way to one request, in the JSON batch format of CloudEvents 1.0.
///
/// Not thread-safe.
public final class Batch {
    /// Events in one batch.
    public static final int EVENTS_MAX = 500;

    /// Bytes in one batch; a larger event is sent alone.
    public static final int BYTES_MAX = 512 << 10;

    private final List<byte[]> events = new ArrayList<>();
    private int bytes = 2;

    /// Whether an event of so many bytes has room, which it always has in an empty batch.
    public boolean fits(int eventBytes) {
        return events.isEmpty()
                || (events.size() < EVENTS_MAX && bytes + eventBytes + 1 <= BYTES_MAX);
    }

    /// Adds an event in CloudEvents' JSON format.
    public void add(byte[] event) {
        events.add(event);
        bytes += event.length + 1;
    }

    public boolean isEmpty() {
        return events.isEmpty();
    }

    /// The number of events.
    public int size() {
        return events.size();
    }

    /// Part of the batch as one of its own.
    public Batch part(int from, int to) {
        Batch part = new Batch();
        events.subList(from, to).forEach(part::add);
        return part;
    }

    /// Forgets the events.
    public void clear() {
        events.clear();
        bytes = 2;
    }

    /// The request that publishes the batch.
    ///
    /// @param path `/events` or `/events/{context}`, encoded
    public HttpRequest request(Api api, String path) {
        return api.request(path)
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(BodyPublishers.ofByteArray(body()))
                .build();
    }

    private byte[] body() {
        byte[] body = new byte[bytes - (events.isEmpty() ? 0 : 1)];
        int at = 0;
        body[at++] = '[';
        for (byte[] event : events) {
            if (at > 1) {
                body[at++] = ',';
            }
            System.arraycopy(event, 0, body, at, event.length);
            at += event.length;
        }
        body[at] = ']';
        return body;
    }
}
