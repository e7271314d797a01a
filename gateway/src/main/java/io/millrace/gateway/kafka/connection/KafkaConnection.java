package io.millrace.gateway.kafka.connection;

import io.millrace.gateway.kafka.session.KafkaService;
import io.millrace.gateway.kafka.session.KafkaSession;
import io.millrace.gateway.kafka.session.Outlet;
import io.millrace.gateway.kafka.wire.EncodedAnswer;
import io.millrace.gateway.kafka.wire.FrameAssembler;
import io.millrace.gateway.kafka.wire.MalformedRequestException;
import io.millrace.gateway.listener.ConnectionGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's socket: bytes into frames for its session, and the session's answers out. Owned by
/// its event loop.
public final class KafkaConnection extends ChannelInboundHandlerAdapter
        implements Outlet, ConnectionGate.Timed {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnection.class);

    private final ConnectionGate gate;
    private final LoopBudget budget;
    private final KafkaSession session;
    private final FrameAssembler frames;
    private final OutputWatch output;
    private final long stallNanosMax;
    private final Channel channel;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>(2);
    private @Nullable ChannelHandlerContext context;
    private long charged;
    private long frameSince;
    private boolean active;
    private boolean processing;
    private boolean waits;
    private boolean reading;
    private boolean flushing;
    private boolean ending;

    KafkaConnection(
            Channel channel,
            ConnectionGate gate,
            KafkaService service,
            KafkaLoops.Share share,
            long number) {
        this.channel = channel;
        this.gate = gate;
        this.budget = share.budget();
        this.frames = new FrameAssembler(share.frameBytesMax());
        this.session = new KafkaSession(service, this, number, address(channel));
        this.stallNanosMax = service.limits().stallMax().toNanos();
        this.output = new OutputWatch();
        // Requests overlap, and a request's first bytes may come long before the rest.
        gate.multiplexed();
        gate.watch(this);
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? "/" + remote.getAddress().getHostAddress()
                : String.valueOf(channel.remoteAddress());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "in the pipeline");
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            unread.add(bytes);
            process();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        read();
    }

    /// Asks for more bytes if they can be used.
    private void read() {
        if (!reading && !waits && !ending && unread.isEmpty() && session.isOpenForMore()) {
            reading = true;
            context().read();
        }
    }

    /// Makes frames from what has arrived, as far as the session and the budget take them.
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (!unread.isEmpty() && !ending && session.isOpenForMore() && mayGoOn()) {
                ByteBuf bytes = unread.element();
                take(bytes);
                if (!bytes.isReadable()) {
                    unread.remove().release();
                }
            }
        } catch (MalformedRequestException e) {
            LOG.debug("{} sent {}", channel.remoteAddress(), e.getMessage());
            close(String.valueOf(e.getMessage()));
        } finally {
            processing = false;
        }
        account();
        read();
    }

    private boolean mayGoOn() {
        if (waits) {
            return false;
        }
        account();
        waits = !budget.admits(this, frames.hasBegun());
        return !waits;
    }

    private void take(ByteBuf bytes) throws MalformedRequestException {
        int count = Math.min(bytes.readableBytes(), frames.wanted());
        if (!frames.hasBegun()) {
            frameSince = gate.now();
        }
        bytes.readBytes(frames.array(), frames.position(), count);
        frames.advance(count);
        if (frames.isComplete()) {
            byte[] frame = frames.take();
            budget.complete(this);
            session.receive(frame);
        }
    }

    /// Tells the budget and the gate what has changed.
    private void account() {
        long now = frames.allocated() + session.memory();
        long difference = now - charged;
        charged = now;
        budget.change(difference);
        boolean busy = session.requests() > 0 || session.unsentBytes() > 0;
        if (busy != active) {
            active = busy;
            if (busy) {
                gate.requestBegins();
            } else {
                gate.requestEnds();
            }
        }
        if (difference < 0) {
            budget.wake();
        }
    }

    /// There is room again.
    void admitted() {
        waits = false;
        frameSince = gate.now();
        // Not at once, as whoever made room is in the middle of something.
        execute(this::process);
    }

    @Override
    public void resume() {
        process();
    }

    @Override
    public void send(EncodedAnswer answer) {
        long size = answer.size();
        byte[] bytes = answer.bytes();
        int from = 0;
        for (EncodedAnswer.Splice splice : answer.splices()) {
            if (splice.at() > from) {
                write(Unpooled.wrappedBuffer(bytes, from, splice.at() - from));
                from = splice.at();
            }
            var region = splice.records().region();
            if (region != null) {
                write(new RegionMessage(region));
            } else if (splice.records().bytes().length > 0) {
                write(Unpooled.wrappedBuffer(splice.records().bytes()));
            }
        }
        ByteBuf last = Unpooled.wrappedBuffer(bytes, from, bytes.length - from);
        var _ = context().write(last).addListener(_ -> left(size));
        flushSoon();
    }

    private void write(Object message) {
        // The last part of the answer tells whether it has left.
        var _ = context().write(message, context().voidPromise());
    }

    private void left(long size) {
        session.sent(size);
        account();
    }

    /// What is answered together is sent together.
    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            execute(() -> {
                flushing = false;
                context().flush();
                account();
            });
        }
    }

    @Override
    public void close(String reason) {
        if (!ending) {
            ending = true;
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void execute(Runnable action) {
        try {
            channel.eventLoop().execute(action);
        } catch (RejectedExecutionException _) {
            // The server is stopping, and the connection is closed already.
        }
    }

    @Override
    public Future<?> execute(Runnable action, long millis) {
        return channel.eventLoop().schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isOnLoop() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public void tick(long now) {
        if (output.hasStalled(channel, session.unsentBytes() > 0 || ending, now, stallNanosMax)) {
            LOG.debug("{} does not take what it is sent", channel.remoteAddress());
            var _ = channel.close();
        } else if (frames.hasBegun() && reading && now - frameSince > stallNanosMax) {
            LOG.debug("{} does not send the rest of its request", channel.remoteAddress());
            var _ = channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ending = true;
        unread.forEach(ByteBuf::release);
        unread.clear();
        session.gone();
        budget.leave(this);
        budget.change(-charged);
        charged = 0;
        budget.wake();
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

    /// Notices that nothing leaves although there is something to send.
    private static final class OutputWatch {
        private @Nullable Object current;
        private long progress;
        private long pending;
        private long since;

        // Whether it is the same message still, not an equal one.
        @SuppressWarnings("ReferenceEquality")
        boolean hasStalled(Channel channel, boolean isSending, long now, long nanosMax) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            if (!isSending || buffer == null || buffer.isEmpty()) {
                since = now;
                return false;
            }
            boolean moved =
                    buffer.current() != current
                            || buffer.currentProgress() != progress
                            || buffer.totalPendingWriteBytes() != pending;
            if (moved) {
                current = buffer.current();
                progress = buffer.currentProgress();
                pending = buffer.totalPendingWriteBytes();
                since = now;
            }
            return now - since > nanosMax;
        }
    }
}
