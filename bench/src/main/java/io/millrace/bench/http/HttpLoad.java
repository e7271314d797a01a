package io.millrace.bench.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A load on one thread over plain sockets, which leaves most of the machine to the server.
final class HttpLoad implements AutoCloseable {
    private static final int ACCEPTED = 202;
    private static final long PACE_NANOS = 50_000;

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();

    HttpLoad(InetSocketAddress address, int count) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            connections.add(new Connection(address, selector));
        }
    }

    /// What a load has found.
    ///
    /// @param answers requests that were answered
    /// @param nanos how long it took
    record Outcome(long answers, long nanos) {
        double perSecond() {
            return answers * 1e9 / nanos;
        }
    }

    /// A closed loop: each connection sends its next request as soon as the last is answered.
    Outcome closedLoop(Requests requests, Duration duration) throws IOException {
        for (Connection connection : connections) {
            connection.send(requests.next());
        }
        long begun = System.nanoTime();
        long end = begun + duration.toNanos();
        long[] answers = {0};
        while (System.nanoTime() < end) {
            selector.select(key -> answers[0] += answered(key) == null ? 0 : again(key, requests));
        }
        Outcome outcome = new Outcome(answers[0], System.nanoTime() - begun);
        drain(connections.size());
        return outcome;
    }

    private static int again(SelectionKey key, Requests requests) {
        try {
            ((Connection) key.attachment()).send(requests.next());
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drain(int open) throws IOException {
        int[] left = {open};
        while (left[0] > 0) {
            selector.select(key -> left[0] -= answered(key) == null ? 0 : 1);
        }
    }

    /// An open loop: request `n` is due at `firstNanos + n * intervalNanos`, whether or not earlier
    /// ones are answered.
    void paced(long firstNanos, long intervalNanos, int count, IntFunction<byte[]> requests)
            throws IOException {
        ArrayDeque<Connection> idle = new ArrayDeque<>(connections);
        int sent = 0;
        while (sent < count || idle.size() < connections.size()) {
            while (sent < count
                    && firstNanos + sent * intervalNanos <= System.nanoTime()
                    && !idle.isEmpty()) {
                idle.remove().send(requests.apply(sent));
                sent++;
            }
            selector.selectNow(key -> {
                Connection connection = answered(key);
                if (connection != null) {
                    idle.add(connection);
                }
            });
            // Short sleeps: a load that spins would take one of the machine's processors away.
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private static @Nullable Connection answered(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            int status = connection.receive();
            if (status != 0 && status != ACCEPTED) {
                throw new IOException("the answer was " + status);
            }
            return status == 0 ? null : connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
