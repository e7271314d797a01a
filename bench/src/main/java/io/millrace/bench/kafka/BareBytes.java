package io.millrace.bench.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// The peer of both: does with the bytes what any server of a log has to do, and nothing else. What
/// comes is appended to one of four files, a write for each 16 KiB; what is asked for is sent from
/// a file by the system's own copying, or what comes is passed on at once. Nothing is looked at,
/// answered or kept in order.
///
/// Arguments: the port, a folder, and how many bytes of a file stay (0 for all).
public final class BareBytes {
    /// First byte of a connection that sends; what was sent is dropped when it ends.
    static final int WRITE = 'W';

    /// First byte of a connection that wants what the first file has, again and again.
    static final int READ = 'R';

    /// First byte of a connection to which is sent what comes on those that pass on.
    static final int LISTEN = 'L';

    /// First byte of a connection whose bytes are passed on.
    static final int PASS = 'P';

    private static final int BATCH = 16 << 10;
    private static final int FILES = 4;
    private static final long READ_BYTES = Floor.FILL_BYTES / FILES;

    private BareBytes() {}

    private static final class Store {
        private final FileChannel file;
        private final long bytesMax;
        private long end;

        Store(FileChannel file, long bytesMax) {
            this.file = file;
            this.bytesMax = bytesMax;
        }

        synchronized void append(ByteBuffer batch) throws IOException {
            if (end > bytesMax) {
                cut();
            }
            while (batch.hasRemaining()) {
                end += file.write(batch, end);
            }
        }

        /// Makes room on the disk; what is read stays.
        synchronized void cut() throws IOException {
            end = Math.min(end, READ_BYTES);
            file.truncate(end);
        }
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        long kept = Long.parseLong(arguments[2]);
        long bytesMax = kept == 0 ? Long.MAX_VALUE : READ_BYTES + kept;
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            stores.add(
                    new Store(
                            FileChannel.open(
                                    Path.of(arguments[1], "bare-" + i),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            bytesMax));
        }
        AtomicReference<SocketChannel> listener = new AtomicReference<>();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            while (true) {
                SocketChannel connection = server.accept();
                Thread.ofPlatform().start(() -> serve(connection, stores, listener));
            }
        }
    }

    private static void serve(
            SocketChannel connection, List<Store> stores, AtomicReference<SocketChannel> listener) {
        try (connection) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer first = ByteBuffer.allocateDirect(1);
            int _ = connection.read(first);
            switch (first.get(0)) {
                case WRITE -> {
                    write(connection, stores);
                    for (Store store : stores) {
                        store.cut();
                    }
                }
                case LISTEN -> {
                    listener.set(connection);
                    // It says no more, and ends this by going.
                    int _ = connection.read(first.clear());
                }
                case PASS -> pass(connection, requireNonNull(listener.get()));
                default -> read(connection, stores.getFirst().file);
            }
        } catch (IOException _) {
            // The client has gone, as it does when its time is up.
        }
    }

    private static void pass(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH);
        while (from.read(bytes.clear()) >= 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
    }

    private static void write(SocketChannel connection, List<Store> stores) throws IOException {
        ByteBuffer batch = ByteBuffer.allocateDirect(BATCH);
        for (int i = 0; connection.read(batch) >= 0; ) {
            if (!batch.hasRemaining()) {
                stores.get(i++ % FILES).append(batch.flip());
                batch.clear();
            }
        }
    }

    private static void read(SocketChannel connection, FileChannel file) throws IOException {
        while (true) {
            for (long at = 0; at < READ_BYTES; ) {
                at += file.transferTo(at, READ_BYTES - at, connection);
            }
        }
    }
}
