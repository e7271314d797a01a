package io.millrace.bench.subscription;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Sinks on one thread that answer each request with 204 as soon as it is there, and one that never
/// answers. They count requests and look at nothing but where one ends.
final class SinkServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final byte[] LENGTH = "\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER =
            "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Thread thread;

    SinkServer(int sinks) throws IOException {
        selector = Selector.open();
        for (int i = 0; i <= sinks; i++) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            listener.configureBlocking(false);
            // The last one never answers.
            listener.register(selector, SelectionKey.OP_ACCEPT, i < sinks);
            listeners.add(listener);
        }
        thread = Thread.ofPlatform().daemon().name("sinks").start(this::run);
    }

    int port(int sink) throws IOException {
        return ((InetSocketAddress) listeners.get(sink).getLocalAddress()).getPort();
    }

    int silentPort() throws IOException {
        return port(listeners.size() - 1);
    }

    /// Requests answered until now.
    long requests() {
        return requests.get();
    }

    /// Connections that were opened to the sinks, all together.
    long connections() {
        return connections.get();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready);
            }
        } catch (ClosedSelectorException _) {
            // The run is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                SocketChannel channel = listener.accept();
                channel.configureBlocking(false);
                connections.incrementAndGet();
                if (key.attachment().equals(true)) {
                    channel.register(
                            selector, SelectionKey.OP_READ, ByteBuffer.allocate(BUFFER_BYTES));
                }
            } else {
                read(key, (SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException _) {
            key.cancel();
        }
    }

    private void read(SelectionKey key, SocketChannel channel, ByteBuffer received)
            throws IOException {
        if (channel.read(received) < 0) {
            key.cancel();
            channel.close();
            return;
        }
        int at = 0;
        for (int end = requestEnd(received, at); end > 0; end = requestEnd(received, at)) {
            at = end;
            requests.incrementAndGet();
            // An answer is far smaller than a socket's buffer.
            channel.write(ByteBuffer.wrap(ANSWER));
        }
        received.flip().position(at);
        received.compact();
    }

    /// @return where the request ends that begins there; 0 if it is not complete
    private static int requestEnd(ByteBuffer received, int begin) {
        int length = 0;
        for (int i = begin + 3; i < received.position(); i++) {
            if (received.get(i) == '\n' && received.get(i - 2) == '\n') {
                int end = i + 1 + length;
                return end <= received.position() ? end : 0;
            }
            if (received.get(i) == ':' && received.get(i - 1) == 'h' && isLength(received, i)) {
                length = number(received, i + 1);
            }
        }
        return 0;
    }

    private static boolean isLength(ByteBuffer received, int colon) {
        int from = colon + 1 - LENGTH.length;
        for (int i = 0; i < LENGTH.length; i++) {
            // Lower case; '\n', '-' and ':' are compared as they are.
            byte b = received.get(from + i);
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(ByteBuffer received, int from) {
        int number = 0;
        for (int i = from; i < received.position() && received.get(i) != '\r'; i++) {
            if (received.get(i) != ' ') {
                number = number * 10 + received.get(i) - '0';
            }
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        selector.close();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
