package io.millrace.gateway.mqtt.connection;

import io.millrace.gateway.listener.ConnectionGate;
import io.millrace.gateway.mqtt.session.Conversation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's TCP socket. Owned by its event loop.
final class MqttConnection extends ChannelInboundHandlerAdapter
        implements Socket, ConnectionGate.Timed {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    private static final long CLOSE_SECONDS_MAX = 2;

    private final Channel channel;
    private final MqttService service;
    private final ConnectionGate gate;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Dialogue dialogue;
    private boolean isWanted = true;
    private boolean isReading;

    MqttConnection(Channel channel, ConnectionGate gate, MqttService service) {
        this.channel = channel;
        this.gate = gate;
        this.service = service;
        // What a client may be silent for is the protocol's affair.
        gate.multiplexed();
        gate.requestBegins();
        gate.watch(this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        dialogue = service.begin(this, channel);
    }

    private Dialogue dialogue() {
        return Objects.requireNonNull(dialogue, "in the pipeline");
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "in the pipeline");
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        read();
    }

    private void read() {
        if (isWanted && !isReading) {
            isReading = true;
            context().read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof MqttMessage packet) {
            dialogue().received(packet, gate.now());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        isReading = false;
        dialogue().flush();
        read();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            dialogue().conversation().writable();
            dialogue().flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dialogue().gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("The connection of {} broke: {}", channel.remoteAddress(), cause.toString());
        } else {
            LOG.error("The connection of {} failed", channel.remoteAddress(), cause);
        }
        var _ = ctx.close();
    }

    @Override
    public void tick(long now) {
        Conversation conversation = dialogue().conversation();
        conversation.tick(now);
        dialogue().flush();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void write(MqttMessage packet) {
        var _ = context().write(packet);
    }

    @Override
    public void write(ByteBuf bytes) {
        var _ = context().write(bytes);
    }

    @Override
    public void flush() {
        context().flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void reading(boolean wanted) {
        isWanted = wanted;
        read();
    }

    @Override
    public void close() {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        // Who takes nothing any more must not keep its session from whoever connects next.
        var _ = channel.eventLoop().schedule(this::cut, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private void cut() {
        var _ = channel.close();
    }
}
