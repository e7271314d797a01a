package io.millrace.bench.kafka;

import io.millrace.bench.queue.BrokerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/// What moving the bytes of a load costs a server that does nothing else, see [BareBytes]: no
/// server can use less of the processor.
final class Floor {
    private static final int BUFFER = 256 << 10;
    static final long FILL_BYTES = 256L << 20;
    private static final long NANOS_MAX = 1_000_000_000;
    private static final double NANOS = 1e9;
    private static final int STEADY_SECONDS = 5;
    private static final double MILLIS = 1000;

    private final BrokerProcess process;
    private final int port;

    private Floor(BrokerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /// What a load is without all that a server thinks of.
    sealed interface Work {}

    /// Bytes are moved, as many as can be.
    ///
    /// @param isWrite whether the server gets and stores the bytes, or sends what it has
    /// @param recordBytes of a record in a log
    /// @param connections at the same time
    record Moving(boolean isWrite, int recordBytes, int connections) implements Work {}

    /// Records are passed on one by one.
    ///
    /// @param rate records a second
    record Steady(int rate, int recordBytes) implements Work {}

    /// @param keptBytes of each file that is written to; 0 for all
    static Floor start(Path folder, long keptBytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareBytes.class.getName(),
                        Integer.toString(port),
                        folder.toString(),
                        Long.toString(keptBytes));
        BrokerProcess process = BrokerProcess.start(command, Map.of(), folder.resolve("bare.log"));
        process.awaitPort(port);
        Floor floor = new Floor(process, port);
        // Something to read.
        floor.move(true, FILL_BYTES, Long.MAX_VALUE);
        return floor;
    }

    /// A round of it, which is short, as so many bytes fill a disk.
    Outcome run(Work work) throws Exception {
        return switch (work) {
            case Moving moving -> run(moving);
            case Steady steady -> run(steady);
        };
    }

    private Outcome run(Steady steady) throws IOException {
        long cpu = process.cpuMillis();
        int records = steady.rate * STEADY_SECONDS;
        long[] nanos = new Passing(port, steady.rate, steady.recordBytes).run(records);
        Arrays.sort(nanos);
        return new Outcome(
                steady.rate,
                (process.cpuMillis() - cpu) / MILLIS * Outcome.MILLION / records,
                0,
                LatencyLoad.millis(nanos, LatencyLoad.HALF),
                LatencyLoad.millis(nanos, LatencyLoad.MOST));
    }

    private Outcome run(Moving work) throws Exception {
        long start = System.nanoTime();
        long cpu = process.cpuMillis();
        LongAdder bytes = new LongAdder();
        try (ExecutorService threads = Executors.newFixedThreadPool(work.connections)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < work.connections; i++) {
                all.add(
                        threads.submit(() -> {
                            bytes.add(move(work.isWrite, Long.MAX_VALUE, start + NANOS_MAX));
                            return null;
                        }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        double records = (double) bytes.sum() / work.recordBytes;
        return new Outcome(
                records / ((System.nanoTime() - start) / NANOS),
                (process.cpuMillis() - cpu) / MILLIS * Outcome.MILLION / records,
                0,
                0,
                0);
    }

    /// @param endNanos when to stop at the latest
    /// @return how many bytes went
    private long move(boolean isWrite, long bytesMax, long endNanos) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        long moved = 0;
        try (SocketChannel connection = SocketChannel.open(address)) {
            buffer.put(0, (byte) (isWrite ? BareBytes.WRITE : BareBytes.READ)).limit(1);
            while (buffer.hasRemaining()) {
                connection.write(buffer);
            }
            while (moved < bytesMax && System.nanoTime() < endNanos) {
                buffer.clear();
                moved += isWrite ? connection.write(buffer) : connection.read(buffer);
            }
        }
        return moved;
    }

    void stop() throws InterruptedException {
        process.stop();
    }
}
