package io.millrace.bench.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// One HTTP/1.1 connection for a thread that waits for each answer. Owned by one thread.
public final class BlockingConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final String LENGTH = "\r\ncontent-length:";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private int bodyBegin;
    private int bodyEnd;

    public BlockingConnection(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /// The head of a request, made once for many.
    public static byte[] head(String method, String target, String contentType) {
        return "%s %s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: %s\r\ncontent-length: "
                .formatted(method, target, contentType)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Sends a request and reads the answer, whose body is in [#body()] until the next one.
    ///
    /// @param head from [#head]
    /// @throws IOException if the answer is not one of success, with its body
    public void exchange(byte[] head, byte[] body) throws IOException {
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + length.length + body.length);
        System.arraycopy(length, 0, request, head.length, length.length);
        System.arraycopy(body, 0, request, head.length + length.length, body.length);
        out.write(request);
        filled = 0;
        int headEnd = -1;
        while (headEnd < 0) {
            read();
            headEnd = headEnd();
        }
        bodyBegin = headEnd;
        bodyEnd = headEnd + contentLength(headEnd);
        if (bodyEnd > buffer.length) {
            buffer = Arrays.copyOf(buffer, bodyEnd);
        }
        while (filled < bodyEnd) {
            read();
        }
        if (buffer[9] != '2') {
            throw new IOException(new String(buffer, 0, bodyEnd, StandardCharsets.UTF_8));
        }
    }

    private void read() throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            throw new IOException("the server closed a connection");
        }
        filled += read;
    }

    private int headEnd() {
        for (int i = 3; i < Math.min(filled, HEAD_BYTES_MAX); i++) {
            if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private int contentLength(int headEnd) throws IOException {
        String head =
                new String(buffer, 0, headEnd, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            if (head.startsWith("http/1.1 204")) {
                return 0;
            }
            throw new IOException("an answer without a length: " + head);
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    /// The body of the last answer.
    public String body() {
        return new String(buffer, bodyBegin, bodyEnd - bodyBegin, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
