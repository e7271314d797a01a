package io.millrace.gateway.listener;

import io.millrace.io.Clock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server socket with event loops of its own, for protocols that read their frames straight from
/// the socket. Reading is up to each connection: nothing is read unasked. Thread-safe.
public final class SocketListener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int READ_BYTES_MIN = 512;
    private static final int READ_BYTES_FIRST = 4 << 10;
    private static final int READ_BYTES_MAX = 256 << 10;
    private static final long QUIET_MILLIS = 0;
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private final EventLoopGroup loops;
    private final ConnectionCensus census;
    private final GateWatches watches;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel server;

    /// @param name of the threads
    /// @param count of event loops
    public SocketListener(String name, int count, ConnectionLimits limits, Clock clock) {
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory(name), NioIoHandler.newFactory());
        this.census = new ConnectionCensus(limits.connectionsMax());
        this.watches = new GateWatches(clock, limits);
    }

    /// What adds its handlers to an accepted connection, on its event loop.
    @FunctionalInterface
    public interface Acceptance {
        void accept(Channel connection, ConnectionGate gate);
    }

    /// Begins to listen.
    ///
    /// @throws IOException if the address is taken or none of this machine's
    public synchronized void listen(InetSocketAddress address, Acceptance acceptance)
            throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channelFactory(() -> new GatedServerChannel(census, watches))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        // The usual one gives large buffers back to the system, which has to clear
                        // them each time.
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(
                                                READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX)
                                        .maxMessagesPerRead(1))
                        .childHandler(new Accepting(acceptance))
                        .bind(address)
                        .awaitUninterruptibly();
        Throwable problem = bound.cause();
        if (problem instanceof IOException io) {
            throw io;
        } else if (problem != null) {
            throw new IOException(problem);
        }
        server = bound.channel();
    }

    /// The port that is listened on.
    public synchronized int port() {
        return server != null && server.localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : 0;
    }

    /// One of its event loops, for what has to happen without a connection too.
    public EventLoop anyLoop() {
        return loops.next();
    }

    public ConnectionCensus census() {
        return census;
    }

    /// Takes no more connections; those that are open stay.
    public synchronized void stopAccepting() {
        if (server != null) {
            server.close().awaitUninterruptibly();
        }
    }

    /// Closes all connections and ends the threads.
    @Override
    public void close() {
        stopAccepting();
        connections.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
        loops.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS_MAX);
    }

    private final class Accepting extends ChannelInitializer<Channel> {
        private final Acceptance acceptance;

        Accepting(Acceptance acceptance) {
            this.acceptance = acceptance;
        }

        @Override
        protected void initChannel(Channel channel) {
            connections.add(channel);
            acceptance.accept(channel, channel.pipeline().get(ConnectionGate.class));
        }
    }
}
