package io.millrace.gateway.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The first handler of each connection: watches that headers arrive in time and that nobody stays
/// without asking for anything.
///
/// A timer that any byte resets does not help against a client that sends one byte now and then, so
/// the clock here runs from the first byte of a request to the end of its headers, and from the end
/// of the last answer to the end of the next request's headers. Owned by the connection's event
/// loop.
public final class ConnectionGate extends ChannelInboundHandlerAdapter {
    public static final String NAME = "millrace-gate";

    /// Something on the connection that has deadlines of its own.
    public interface Timed {
        /// Called about once a second, more often if the limits are shorter.
        ///
        /// @param now of [io.millrace.io.Clock#nanoTime]
        void tick(long now);
    }

    private final ConnectionCensus census;
    private final GateWatches watches;
    private @Nullable GateWatch watch;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Timed timed;
    private boolean counted = true;
    private boolean multiplexed;
    private boolean inHead;
    private int active;
    private long idleSince;
    private long headSince;

    /// Neighbours in the list of the [GateWatch].
    @Nullable ConnectionGate next;

    @Nullable ConnectionGate previous;

    ConnectionGate(ConnectionCensus census, GateWatches watches) {
        this.census = census;
        this.watches = watches;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        context = ctx;
        GateWatch mine = watches.of(ctx.channel().eventLoop());
        watch = mine;
        idleSince = mine.now();
        mine.add(this);
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        if (counted) {
            counted = false;
            census.leave();
            if (watch != null) {
                watch.remove(this);
            }
        }
        ctx.fireChannelUnregistered();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!inHead && active == 0 && watch != null) {
            inHead = true;
            headSince = watch.now();
        }
        ctx.fireChannelRead(message);
    }

    /// Clients that vanish are everyday life: nobody is told of it but by the end of the
    /// connection.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // Whether closing succeeds, channelUnregistered tells.
            var _ = ctx.channel().close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /// Gives whoever answers the connection's requests a clock.
    public void watch(Timed timed) {
        this.timed = timed;
    }

    /// Tells that several requests share the connection, so that bytes may arrive which belong to
    /// none.
    public void multiplexed() {
        multiplexed = true;
    }

    /// Tells that a request's headers are complete.
    public void requestBegins() {
        active++;
        inHead = false;
    }

    /// Tells that a request has been answered or given up.
    public void requestEnds() {
        active--;
        if (active == 0 && watch != null) {
            idleSince = watch.now();
        }
    }

    /// The time of the last check, of [io.millrace.io.Clock#nanoTime].
    public long now() {
        return watch == null ? 0 : watch.now();
    }

    void check(long now, long headMaxNanos, long idleMaxNanos) {
        boolean slow = inHead && !multiplexed && now - headSince > headMaxNanos;
        boolean idle = active == 0 && now - idleSince > idleMaxNanos;
        if ((slow || idle) && context != null) {
            census.expire();
            // Whether closing succeeds, channelUnregistered tells.
            var _ = context.channel().close();
        } else if (timed != null) {
            timed.tick(now);
        }
    }
}
