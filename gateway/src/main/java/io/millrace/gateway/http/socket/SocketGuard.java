package io.millrace.gateway.http.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/// Stands between the frames of a connection and the library that dispatches them. Owned by the
/// connection's event loop.
///
/// - It stops reading from the socket at once, while the library would go on until it has a queue
///   of frames.
/// - It stops reading from a client that sends pings and does not take the answers.
/// - It answers what breaks the protocol with the close code for that, and throws away what else
///   comes for a moment, so that the client gets to read why.
final class SocketGuard extends ChannelDuplexHandler {
    private static final String LIBRARY = "handler";
    private static final int PONGS_MAX = 64;
    private static final long LINGER_MILLIS = 1_000;
    private static final long GOODBYE_MILLIS = 3_000;

    private final Channel channel;
    private boolean held;
    private boolean stopped;
    private boolean broken;
    private int pongs;

    private SocketGuard(Channel channel) {
        this.channel = channel;
    }

    /// Puts a guard on a connection that has become a WebSocket.
    static SocketGuard on(Channel channel) {
        SocketGuard guard = new SocketGuard(channel);
        channel.pipeline().addBefore(LIBRARY, "millrace-socket", guard);
        return guard;
    }

    /// Ceases to read, or goes on. What has been read already still arrives.
    void hold(boolean wanted) {
        held = wanted;
        proceed();
    }

    /// Sees to it that the connection ends, also if the client takes no close frame. Called when
    /// the socket is being closed.
    void ending() {
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (here != null) {
            cut(here, GOODBYE_MILLIS);
        }
    }

    /// Past the library, which would wait for its close frame to be written.
    private static void cut(ChannelHandlerContext ctx, long delayMillis) {
        Runnable close =
                () -> {
                    // Has no effect on what is closed by then.
                    var _ = ctx.close();
                };
        var _ = ctx.executor().schedule(close, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void proceed() {
        if (stopped == mayRead()) {
            stopped = !stopped;
            // A read that is not passed on is not enough: the event loop goes on by itself.
            channel.config().setAutoRead(!stopped);
        }
    }

    private boolean mayRead() {
        return broken || (!held && pongs < PONGS_MAX);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        // The library, too, turns reading on and off. What it turned on stays off here: were it
        // left
        // on, turning it on later would change nothing, and nobody would read again.
        if (mayRead()) {
            ctx.read();
        } else {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (broken) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (broken) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        ChannelPromise known = promise;
        if (message instanceof PongWebSocketFrame) {
            pongs++;
            proceed();
            known = promise.unvoid();
            known.addListener(_ -> {
                pongs--;
                proceed();
            });
        }
        // Whoever wrote it has the promise.
        var _ = ctx.write(message, known);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            if (!broken) {
                broken = true;
                farewell(ctx, violation);
            }
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    private void farewell(ChannelHandlerContext ctx, CorruptedWebSocketFrameException violation) {
        CloseWebSocketFrame close = new CloseWebSocketFrame(violation.closeStatus());
        ctx.writeAndFlush(close).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        proceed();
        cut(ctx, LINGER_MILLIS);
    }
}
