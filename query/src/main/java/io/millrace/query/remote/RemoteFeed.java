package io.millrace.query.remote;

import io.millrace.broker.query.Feed;
import io.millrace.log.EventOrigin;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A partition of the server. Its offsets are those of the last answer; who watches it has it read
/// ahead.
final class RemoteFeed implements Feed {
    private final ServerCalls calls;
    private final String id;
    private final EventOrigin origin;
    private volatile Offsets offsets;
    private volatile @Nullable ReadAhead ahead;

    /// What the server said last.
    ///
    /// @param timeMillis everything that was recorded before lies before `readable`
    record Offsets(long timeMillis, long start, long readable, long stored) {}

    /// A part of the partition.
    record Fetched(LogSlice slice, Offsets offsets) {}

    RemoteFeed(ServerCalls calls, String id, EventOrigin origin, Offsets offsets) {
        this.calls = calls;
        this.id = id;
        this.origin = origin;
        this.offsets = offsets;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String stream() {
        return origin.stream();
    }

    @Override
    public int partition() {
        return origin.partition();
    }

    @Override
    public EventOrigin origin() {
        return origin;
    }

    @Override
    public boolean isCompacted() {
        throw new UnsupportedOperationException("only the server itself asks");
    }

    @Override
    public long startOffset() {
        return offsets.start;
    }

    @Override
    public long readableOffset() {
        ReadAhead reading = ahead;
        // Whoever waits has to come and hear what went wrong.
        return reading != null && reading.hasFailed() ? Long.MAX_VALUE : offsets.readable;
    }

    @Override
    public long storedOffset() {
        return offsets.stored;
    }

    @Override
    public long knownUntil(long nowMillis) {
        return offsets.timeMillis;
    }

    @Override
    public void refresh() {
        try {
            Fetched _ = fetch(offsets.readable, 1 << 10, 0);
        } catch (IOException e) {
            throw ServerCalls.unchecked(e);
        }
    }

    @Override
    public long offsetAt(long timestampMillis) {
        return offset("time=" + Instant.ofEpochMilli(timestampMillis));
    }

    @Override
    public long nextIntactOffset(long offset) {
        return offset("intact=" + offset);
    }

    private long offset(String of) {
        try {
            return calls.json(calls.get(path("offset?" + of))).path("offset").asLong();
        } catch (IOException e) {
            throw ServerCalls.unchecked(e);
        }
    }

    private String path(String what) {
        return "/api/v1/feeds/" + id + "/" + what;
    }

    @Override
    public LogSlice read(long offset, ReadBuffer buffer) {
        ReadAhead reading = ahead;
        try {
            return reading == null
                    ? fetch(offset, buffer.bytesMax(), 0).slice
                    : reading.take(offset);
        } catch (IOException e) {
            throw ServerCalls.unchecked(e);
        }
    }

    /// Asks the server.
    ///
    /// @param waitMillis for more, if there is nothing yet
    Fetched fetch(long offset, int bytesMax, long waitMillis) throws IOException {
        HttpResponse<byte[]> answer =
                calls.get(
                        path(
                                "batches?offset=%d&max=%d&wait=%dms"
                                        .formatted(offset, bytesMax, waitMillis)));
        HttpHeaders headers = answer.headers();
        Offsets now =
                new Offsets(
                        number(headers, "millrace-time"),
                        number(headers, "millrace-start-offset"),
                        number(headers, "millrace-readable-offset"),
                        number(headers, "millrace-stored-offset"));
        long next = number(headers, "millrace-next-offset");
        offsets = now;
        return new Fetched(LogSlice.of(answer.body(), offset, next), now);
    }

    private static long number(HttpHeaders headers, String name) throws IOException {
        return headers.firstValueAsLong(name)
                .orElseThrow(() -> new IOException("the answer has no " + name));
    }

    @Override
    public void watch(Runnable action, long offset) {
        ReadAhead begun = new ReadAhead(this, offset, action);
        ahead = begun;
        begun.start();
    }

    @Override
    public void unwatch(Runnable action) {
        ReadAhead reading = ahead;
        if (reading != null) {
            reading.close();
        }
    }
}
