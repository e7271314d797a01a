package io.millrace.gateway.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.TimeUnit;

/// One client's WebSocket (MQTT 5.0, section 6): packets in binary frames, whose ends mean nothing.
/// Owned by its event loop.
final class WebSocketConnection implements Socket {
    private static final short UNACCEPTABLE = 1003;
    private static final long TICK_SECONDS = 1;

    private final ServerWebSocket socket;
    private final MqttService service;
    private final EventLoop thread;
    private final EmbeddedChannel codec;
    private final Runnable cut;
    private Buffer out = Buffer.buffer();
    private boolean isGone;

    /// @param cut ends the connection of a client that takes nothing any more
    WebSocketConnection(
            ServerWebSocket socket, MqttService service, EventLoop thread, Runnable cut) {
        this.cut = cut;
        this.socket = socket;
        this.service = service;
        this.thread = thread;
        this.codec =
                new EmbeddedChannel(
                        new MqttDecoder(service.packetBytesMax(), MqttService.CLIENT_ID_MAX),
                        MqttEncoder.INSTANCE);
    }

    /// Begins, on the socket's event loop.
    void open() {
        String address = "/" + socket.remoteAddress().hostAddress();
        Dialogue mine = service.begin(this, thread, address);
        socket.setWriteQueueMaxSize(service.outputBytesMax());
        socket.binaryMessageHandler(buffer -> received(mine, buffer));
        socket.textMessageHandler(_ -> socket.close(UNACCEPTABLE, "MQTT is binary"));
        socket.drainHandler(_ -> {
            mine.conversation().writable();
            mine.flush();
        });
        socket.closeHandler(_ -> gone(mine));
        tickLater(mine);
    }

    private void tickLater(Dialogue mine) {
        var _ =
                thread.schedule(
                        () -> {
                            if (!isGone) {
                                mine.conversation().tick(service.clock().nanoTime());
                                mine.flush();
                                tickLater(mine);
                            }
                        },
                        TICK_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void received(Dialogue mine, Buffer buffer) {
        codec.writeInbound(Unpooled.wrappedBuffer(buffer.getBytes()));
        MqttMessage packet = codec.readInbound();
        while (packet != null) {
            mine.received(packet, service.clock().nanoTime());
            packet = codec.readInbound();
        }
        mine.flush();
    }

    private void gone(Dialogue mine) {
        isGone = true;
        mine.gone();
        boolean _ = codec.finishAndReleaseAll();
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void write(MqttMessage packet) {
        codec.writeOutbound(packet);
        ByteBuf bytes = codec.readOutbound();
        while (bytes != null) {
            write(bytes);
            bytes = codec.readOutbound();
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        out.appendBytes(copy);
    }

    @Override
    public void flush() {
        if (out.length() > 0 && !isGone) {
            Buffer full = out;
            out = Buffer.buffer();
            var _ = socket.writeBinaryMessage(full);
        }
    }

    @Override
    public boolean isWritable() {
        return !socket.writeQueueFull() && out.length() < service.outputBytesMax();
    }

    @Override
    public void reading(boolean isWanted) {
        if (isWanted) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    @Override
    public void close() {
        if (!isGone) {
            var _ = socket.close();
            cut.run();
        }
    }
}
