package io.millrace.gateway.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.jspecify.annotations.Nullable;

/// A client that sends exactly the bytes that a test wants.
final class RawKafkaClient implements AutoCloseable {
    /// Whoever waits longer for an answer hangs.
    private static final int TIMEOUT_MILLIS = 30_000;

    final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    RawKafkaClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /// A request without its length.
    static byte[] encoded(ApiKeys api, int version, int correlation, ApiMessage message) {
        short v = (short) version;
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(api.id)
                        .setRequestApiVersion(v)
                        .setCorrelationId(correlation)
                        .setClientId("raw");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        short headerVersion = api.requestHeaderVersion(v);
        int size = header.size(cache, headerVersion) + message.size(cache, v);
        ByteBuffer buffer = ByteBuffer.allocate(size);
        ByteBufferAccessor writer = new ByteBufferAccessor(buffer);
        header.write(writer, cache, headerVersion);
        message.write(writer, cache, v);
        return buffer.array();
    }

    void send(ApiKeys api, int version, int correlation, ApiMessage message) throws IOException {
        sendFrame(encoded(api, version, correlation, message));
    }

    void sendFrame(byte[] frame) throws IOException {
        byte[] whole =
                ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array();
        sendBytes(whole);
    }

    void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// An answer without its length; `null` if the connection is closed instead.
    @Nullable ByteBuffer receiveFrame() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (EOFException _) {
            return null;
        } catch (java.net.SocketException _) {
            // Closed with bytes of ours unread.
            return null;
        }
    }

    /// An answer, and its correlation checked.
    ApiMessage receive(ApiKeys api, int version, int correlation) throws IOException {
        ByteBuffer frame = receiveFrame();
        if (frame == null) {
            throw new EOFException("the connection was closed");
        }
        int got = frame.getInt();
        if (got != correlation) {
            throw new IOException(
                    "the answer to %d came instead of %d".formatted(got, correlation));
        }
        ByteBufferAccessor reader = new ByteBufferAccessor(frame);
        if (api.responseHeaderVersion((short) version) >= 1) {
            reader.readUnsignedVarint();
        }
        ApiMessage answer = api.messageType.newResponse();
        answer.read(reader, (short) version);
        return answer;
    }

    /// Whether the server closes the connection; takes what it says before.
    boolean isClosedByServer() throws IOException {
        while (receiveFrame() != null) {
            // Answers to what came before.
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
