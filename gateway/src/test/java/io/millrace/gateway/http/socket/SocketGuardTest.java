package io.millrace.gateway.http.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SocketGuardTest {
    private final Wire wire = new Wire();
    private final List<Object> arrived = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final SocketGuard guard;

    SocketGuardTest() {
        channel.freezeTime();
        channel.pipeline().addLast(wire);
        channel.pipeline().addLast("handler", new Library());
        guard = SocketGuard.on(channel);
        wire.reads = 0;
    }

    /// Counts reads, and keeps what is written from being done.
    private static final class Wire extends ChannelOutboundHandlerAdapter {
        int reads;
        final Queue<ChannelPromise> writes = new ArrayDeque<>();
        final List<Object> written = new ArrayList<>();

        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            written.add(message);
            writes.add(promise);
        }
    }

    private final class Library extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            arrived.add(message);
        }
    }

    @AfterEach
    void close() {
        channel.close().syncUninterruptibly();
    }

    @Test
    void nothingIsReadWhileItIsHeld() {
        guard.hold(true);
        channel.read();
        channel.read();
        assertThat(wire.reads).isZero();
        guard.hold(false);
        assertThat(wire.reads).isEqualTo(1);
        channel.read();
        assertThat(wire.reads).isEqualTo(2);
    }

    @Test
    void libraryThatReadsMeanwhileDoesNotKeepItFromGoingOn() {
        guard.hold(true);
        // The library's queue was full, and has room again.
        channel.config().setAutoRead(false);
        channel.config().setAutoRead(true);
        assertThat(wire.reads).isZero();
        guard.hold(false);
        assertThat(wire.reads).isEqualTo(1);
    }

    @Test
    void pongsThatNobodyTakesStopTheReading() {
        for (int i = 0; i < 64; i++) {
            var _ = channel.pipeline().lastContext().write(new PongWebSocketFrame());
        }
        channel.read();
        assertThat(wire.reads).isZero();
        wire.writes.remove().setSuccess();
        assertThat(wire.reads).isEqualTo(1);
    }

    @Test
    void brokenRuleIsToldAndTheRestThrownAway() {
        guard.hold(true);
        channel.read();
        channel.pipeline()
                .firstContext()
                .fireExceptionCaught(
                        new CorruptedWebSocketFrameException(
                                WebSocketCloseStatus.MESSAGE_TOO_BIG, "large"));
        assertThat(wire.written)
                .singleElement()
                .isInstanceOfSatisfying(
                        CloseWebSocketFrame.class,
                        close -> assertThat(close.statusCode()).isEqualTo(1009));
        assertThat(wire.reads).isEqualTo(1);
        TextWebSocketFrame late = new TextWebSocketFrame(Unpooled.buffer());
        channel.pipeline().firstContext().fireChannelRead(late);
        assertThat(arrived).isEmpty();
        assertThat(late.refCnt()).isZero();
        var unsent = channel.pipeline().lastContext().write(new TextWebSocketFrame("x"));
        assertThat(unsent.isSuccess()).isFalse();
        assertThat(wire.written).hasSize(1);
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1_000, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }
}
