package io.millrace.gateway.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.mqtt.MqttMessage;

/// The socket of a client: TCP, or a WebSocket. Owned by its event loop.
interface Socket {
    ByteBufAllocator allocator();

    /// Writes a packet; it leaves with [#flush].
    void write(MqttMessage packet);

    /// Writes bytes of whole packets, and releases them.
    void write(ByteBuf bytes);

    void flush();

    /// Whether what waits to leave is little.
    boolean isWritable();

    /// Whether more is to be read.
    void reading(boolean isWanted);

    /// Closes once everything that was written has left.
    void close();
}
