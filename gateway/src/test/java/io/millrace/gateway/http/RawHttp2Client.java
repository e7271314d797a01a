package io.millrace.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP/2 (RFC 9113) frame by frame, so that a test can send what no client would send. Nothing is
/// sent by itself: no acknowledgement, no window update.
final class RawHttp2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PRIORITY = 0x20;
    static final int SETTINGS_INITIAL_WINDOW = 4;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /// What came for one stream.
    static final class Answer {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private String status = "";
        private @Nullable Integer resetWith;
        private boolean ended;

        String status() {
            return status;
        }

        String body() {
            return body.toString(StandardCharsets.UTF_8);
        }

        boolean ended() {
            return ended;
        }

        /// The code that the stream was reset with.
        @Nullable Integer resetWith() {
            return resetWith;
        }
    }

    private final RawClient raw;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Map<Integer, Answer> answers = new HashMap<>();
    private @Nullable Integer goneAwayWith;

    private RawHttp2Client(RawClient raw) throws IOException {
        this.raw = raw;
        this.in = new DataInputStream(raw.socket().getInputStream());
    }

    /// Begins with HTTP/2 at once.
    static RawHttp2Client open(RawClient raw) throws IOException {
        RawHttp2Client client = new RawHttp2Client(raw);
        raw.send(PREFACE);
        return client.frame(SETTINGS, 0, 0, new byte[0]);
    }

    /// Goes on with HTTP/2 after the answer to an upgrade has been read.
    static RawHttp2Client upgraded(RawClient raw) throws IOException {
        return open(raw);
    }

    RawHttp2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        raw.send(frame.array());
        return this;
    }

    RawHttp2Client settings(int id, int value) throws IOException {
        return frame(
                SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) id).putInt(value).array());
    }

    RawHttp2Client reset(int stream) throws IOException {
        return frame(RESET, 0, stream, number(8));
    }

    RawHttp2Client window(int stream, int more) throws IOException {
        return frame(WINDOW_UPDATE, 0, stream, number(more));
    }

    RawHttp2Client data(int stream, String text, boolean end) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A request's head, of any size.
    RawHttp2Client head(int stream, String method, String path, boolean end, String... headers)
            throws IOException {
        byte[] block = block(method, path, headers);
        int max = 16 << 10;
        int length = Math.min(max, block.length);
        int flags = (end ? END_STREAM : 0) | (length == block.length ? END_HEADERS : 0);
        frame(HEADERS, flags, stream, java.util.Arrays.copyOf(block, length));
        for (int at = length; at < block.length; at += length) {
            length = Math.min(max, block.length - at);
            int last = at + length == block.length ? END_HEADERS : 0;
            frame(9, last, stream, java.util.Arrays.copyOfRange(block, at, at + length));
        }
        return this;
    }

    private byte[] block(String method, String path, String... headers) throws IOException {
        Http2Headers all = new DefaultHttp2Headers(false);
        all.method(method).path(path).scheme("http").authority("localhost");
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, all, out);
            return ByteBufUtil.getBytes(out);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /// The head of a publish of one event.
    RawHttp2Client publish(int stream, boolean end, String... headers) throws IOException {
        String[] all = {
            "ce-specversion", "1.0", "ce-id", "" + stream, "ce-source", "/s", "ce-type", "t"
        };
        String[] joined = java.util.Arrays.copyOf(all, all.length + headers.length);
        System.arraycopy(headers, 0, joined, all.length, headers.length);
        return head(stream, "POST", "/events/a", end, joined);
    }

    /// Reads until a stream has been answered or reset.
    Answer answer(int stream) throws IOException {
        while (true) {
            Answer answer = answers.computeIfAbsent(stream, _ -> new Answer());
            if (answer.ended || answer.resetWith != null) {
                return answer;
            }
            read();
        }
    }

    /// Reads until a stream's body contains a text.
    Answer answerWith(int stream, String text) throws IOException {
        while (true) {
            Answer answer = answers.computeIfAbsent(stream, _ -> new Answer());
            if (answer.body().contains(text)) {
                return answer;
            }
            if (answer.ended || answer.resetWith != null) {
                throw new IOException("ended after: " + answer.body());
            }
            read();
        }
    }

    /// Reads until the server says that it goes away, and with which code.
    int goAway() throws IOException {
        while (goneAwayWith == null) {
            read();
        }
        return goneAwayWith;
    }

    /// Reads until the connection is closed.
    void awaitEnd() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException | java.net.SocketException e) {
            // That is what was waited for.
            raw.close();
        }
    }

    private void read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (stream > 0 && type != WINDOW_UPDATE) {
            answered(answers.computeIfAbsent(stream, _ -> new Answer()), type, flags, payload);
        } else if (type == GOAWAY) {
            goneAwayWith = ByteBuffer.wrap(payload).getInt(4);
        }
    }

    private void answered(Answer answer, int type, int flags, byte[] payload) throws IOException {
        switch (type) {
            case HEADERS -> answer.status = status(payload, (flags & PRIORITY) == 0 ? 0 : 5);
            case DATA -> answer.body.write(payload);
            case RESET -> answer.resetWith = ByteBuffer.wrap(payload).getInt();
            default -> throw new IOException("a frame of type " + type);
        }
        answer.ended |= (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
    }

    private String status(byte[] block, int from) throws IOException {
        ByteBuf fields = Unpooled.wrappedBuffer(block, from, block.length - from);
        try {
            return decoder.decodeHeaders(1, fields).status().toString();
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
