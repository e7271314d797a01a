package io.millrace.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One HTTP/1.1 connection with at most one request under way.
final class Connection implements AutoCloseable {
    private static final int BUFFER_BYTES = 4096;
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer sending = ByteBuffer.allocateDirect(BUFFER_BYTES);

    Connection(InetSocketAddress address, Selector selector) throws IOException {
        channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(byte[] request) throws IOException {
        sending.clear().put(request).flip();
        // A request is far smaller than a socket's buffer, and only one is under way.
        while (sending.hasRemaining()) {
            channel.write(sending);
        }
    }

    /// Reads what has come.
    ///
    /// @return the status of the answer, or 0 if it is not complete
    int receive() throws IOException {
        if (channel.read(received) < 0) {
            throw new IOException("the server closed a connection");
        }
        int end = headEnd();
        if (end < 0 || received.position() < end + contentLength(end)) {
            return 0;
        }
        int status =
                (received.get(9) - '0') * 100
                        + (received.get(10) - '0') * 10
                        + (received.get(11) - '0');
        received.clear();
        return status;
    }

    private int headEnd() {
        for (int i = 3; i < received.position(); i++) {
            if (received.get(i) == '\n' && received.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private int contentLength(int end) {
        for (int i = 0; i + LENGTH.length < end; i++) {
            int matched = 0;
            while (matched < LENGTH.length
                    && (received.get(i + matched) | 0x20) == LENGTH[matched]) {
                matched++;
            }
            // '-' and ':' keep their value when bit 5 is set, as do lower-case letters.
            if (matched == LENGTH.length) {
                int length = 0;
                for (int j = i + matched; received.get(j) != '\r'; j++) {
                    if (received.get(j) != ' ') {
                        length = length * 10 + received.get(j) - '0';
                    }
                }
                return length;
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
