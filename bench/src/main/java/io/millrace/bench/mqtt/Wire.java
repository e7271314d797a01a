package io.millrace.bench.mqtt;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One connection of an MQTT 3.1.1 client that does as little as it can: it skips what it need not
/// know, and acknowledges each message of QoS 1 in the same turn. Owned by one thread.
final class Wire implements AutoCloseable {
    private static final int OUTPUT_BYTES = 16 << 10;
    private static final int PACKET_IDS = 65_535;
    private static final int PUBACK_BYTES = 4;
    private static final int ACCEPTED = 0;
    private static final int REFUSED = 0x80;

    private final String clientId;
    private final SocketChannel channel;
    private Receiver receiver = new Receiver() {};
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer rest;
    private ByteBuffer output = ByteBuffer.allocate(0);
    private long published;

    private Wire(String clientId, SocketChannel channel) {
        this.clientId = clientId;
        this.channel = channel;
    }

    /// What is heard of the broker.
    interface Receiver {
        /// @param number the first eight bytes of the payload
        /// @param nanos the next eight
        default void message(long number, long nanos, boolean retained) {}

        default void acknowledged() {}
    }

    /// Returns when the broker has let the client in.
    static Wire connect(int port, String clientId, boolean clean) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.write(Packets.connect(clientId, clean));
        Wire wire = new Wire(clientId, channel);
        byte[] answer = wire.await(Packets.CONNACK_BYTES);
        if (answer[3] != ACCEPTED) {
            throw new IOException(clientId + " was refused: " + answer[3]);
        }
        return wire;
    }

    /// Returns when the broker has the subscription. Before [#join], and where no message can come
    /// meanwhile.
    Wire subscribe(String filter, int qos) throws IOException {
        channel.write(Packets.subscribe(filter, qos));
        byte[] answer = await(Packets.SUBACK_BYTES);
        if ((answer[0] & 0xff) >> 4 != Packets.SUBACK || answer[4] != qos) {
            throw new IOException(clientId + " did not get its subscription");
        }
        return this;
    }

    private byte[] await(int bytes) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(bytes);
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new EOFException("the broker closed the connection of " + clientId);
            }
        }
        return answer.array();
    }

    /// From now on the loop reads, and writes what could not be written at once.
    Wire join(Loop loop, Receiver each) throws IOException {
        receiver = each;
        output = ByteBuffer.allocateDirect(OUTPUT_BYTES);
        channel.configureBlocking(false);
        key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
        return this;
    }

    /// Asks without waiting for the answer; messages may come before it.
    void request(ByteBuffer packet) throws IOException {
        room(packet.remaining()).put(packet);
        flush();
    }

    /// Puts a message behind the others; [#flush] sends them.
    void publish(Packets.Publish template, long number, long nanos) {
        byte[] bytes = template.bytes();
        ByteBuffer room = room(bytes.length);
        int at = room.position();
        room.put(bytes);
        if (template.idAt() > 0) {
            room.putShort(at + template.idAt(), (short) (published++ % PACKET_IDS + 1));
        }
        room.putLong(at + template.payloadAt(), number);
        room.putLong(at + template.payloadAt() + Long.BYTES, nanos);
    }

    private ByteBuffer room(int bytes) {
        if (output.remaining() < bytes) {
            ByteBuffer larger =
                    ByteBuffer.allocateDirect(Math.max(output.capacity() * 2, bytes * 2));
            output = larger.put(output.flip());
        }
        return output;
    }

    void flush() throws IOException {
        if (output.position() > 0) {
            output.flip();
            channel.write(output);
            output.compact();
        }
        int wanted = SelectionKey.OP_READ | (output.position() > 0 ? SelectionKey.OP_WRITE : 0);
        if (key != null && key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    void read(ByteBuffer input) throws IOException {
        input.clear();
        if (rest != null) {
            input.put(rest);
            rest = null;
        }
        if (channel.read(input) < 0) {
            throw new EOFException("the broker closed the connection of " + clientId);
        }
        input.flip();
        boolean acknowledging = false;
        for (int end = packetEnd(input); end >= 0; end = packetEnd(input)) {
            acknowledging |= take(input, end);
            input.position(end);
        }
        if (input.hasRemaining()) {
            rest = ByteBuffer.allocate(input.remaining()).put(input).flip();
        }
        if (acknowledging) {
            flush();
        }
    }

    /// Where the next packet ends, negative if it is not whole yet.
    private static int packetEnd(ByteBuffer input) {
        int at = input.position() + 1;
        int length = 0;
        for (int shift = 0; at < input.limit(); shift += 7) {
            byte digit = input.get(at++);
            length |= (digit & 0x7f) << shift;
            if (digit >= 0) {
                return at + length <= input.limit() ? at + length : -1;
            }
        }
        return -1;
    }

    /// @return whether there is something to send back
    private boolean take(ByteBuffer input, int end) throws IOException {
        int first = input.get() & 0xff;
        while (input.get() < 0) {
            // Skips the length.
        }
        switch (first >> 4) {
            case Packets.PUBLISH -> {
                return message(input, first);
            }
            case Packets.PUBACK -> receiver.acknowledged();
            case Packets.SUBACK -> {
                if ((input.get(end - 1) & 0xff) == REFUSED) {
                    throw new IOException(clientId + " did not get its subscription");
                }
            }
            default -> throw new IOException(clientId + " got a packet of type " + (first >> 4));
        }
        return false;
    }

    private boolean message(ByteBuffer input, int first) {
        int topicBytes = input.getShort();
        input.position(input.position() + topicBytes);
        boolean acknowledged = (first & 0b110) != 0;
        short id = acknowledged ? input.getShort() : 0;
        receiver.message(input.getLong(), input.getLong(), (first & 1) != 0);
        if (acknowledged) {
            room(PUBACK_BYTES).put((byte) (Packets.PUBACK << 4)).put((byte) 2).putShort(id);
        }
        return acknowledged;
    }

    @Override
    public String toString() {
        return clientId;
    }

    /// Says good-bye. What is on its way is lost.
    @Override
    public void close() throws IOException {
        try {
            channel.write(ByteBuffer.wrap(Packets.DISCONNECT));
        } finally {
            channel.close();
        }
    }
}
