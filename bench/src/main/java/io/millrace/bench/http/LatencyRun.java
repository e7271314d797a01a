package io.millrace.bench.http;

import io.millrace.bench.BenchFolder;
import io.millrace.event.Context;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long an event takes from the moment its publish is due until somebody who follows its
/// context has it, at a steady 2,000 events a second.
///
/// Arguments: events a second and seconds, 2000 and 30 if left out.
public final class LatencyRun {
    private static final int CONNECTIONS = 32;
    private static final Context ROOM = Context.of("/org/contoso/building/41/floor/0/room/4");
    private static final String ID = "\"event\":{\"specversion\":\"1.0\",\"id\":\"";

    private LatencyRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int perSecond = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        try (BenchFolder folder = BenchFolder.create();
                ServerUnderTest server = ServerUnderTest.millrace(folder.path())) {
            measure(server, perSecond, 10 * perSecond);
            long[] nanos = measure(server, perSecond, seconds * perSecond);
            Arrays.sort(nanos);
            System.out.printf(
                    Locale.ROOT,
                    "publish to tail, %,d events at %,d/s: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.2f ms%n",
                    nanos.length,
                    perSecond,
                    millis(nanos, 0.5),
                    millis(nanos, 0.99),
                    millis(nanos, 0.999),
                    millis(nanos, 1));
        }
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))] / 1e6;
    }

    private static long[] measure(ServerUnderTest server, int perSecond, int count)
            throws IOException, InterruptedException {
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long[] arrived = new long[count];
        CountDownLatch open = new CountDownLatch(1);
        try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
                HttpLoad load = new HttpLoad(server.address(), CONNECTIONS)) {
            Thread follower = Thread.ofPlatform().start(() -> follow(socket, arrived, open));
            open.await();
            long first = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
            load.paced(first, interval, count, n -> Requests.publish(ROOM, n));
            follower.join();
            for (int i = 0; i < count; i++) {
                arrived[i] -= first + i * interval;
            }
            return arrived;
        }
    }

    /// Reads server-sent events until all have come, and notes when.
    private static void follow(Socket socket, long[] arrived, CountDownLatch open) {
        try {
            socket.getOutputStream()
                    .write(
                            "GET /tail/org/** HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            int left = arrived.length;
            while (left > 0) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IOException("the tail ended with " + left + " events missing");
                }
                open.countDown();
                int at = line.indexOf(ID);
                if (at >= 0) {
                    int from = at + ID.length();
                    arrived[Integer.parseInt(line.substring(from, line.indexOf('"', from)))] =
                            System.nanoTime();
                    left--;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
