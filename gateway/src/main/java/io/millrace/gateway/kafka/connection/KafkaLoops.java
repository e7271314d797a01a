package io.millrace.gateway.kafka.connection;

import io.millrace.gateway.kafka.session.KafkaService;
import io.millrace.gateway.listener.ConnectionGate;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Makes a [KafkaConnection] of each accepted one. Thread-safe.
public final class KafkaLoops {
    private final KafkaService service;
    private final int frameBytesMax;
    private final long loopBytesMax;
    private final ConcurrentHashMap<EventLoop, Share> shares = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /// What the connections of one event loop share.
    record Share(LoopBudget budget, int frameBytesMax) {}

    /// @param frameBytesMax the largest request
    /// @param loopBytesMax of requests in memory, for each event loop
    public KafkaLoops(KafkaService service, int frameBytesMax, long loopBytesMax) {
        this.service = service;
        this.frameBytesMax = frameBytesMax;
        this.loopBytesMax = loopBytesMax;
    }

    /// Takes a connection in, on its event loop.
    public void accept(Channel channel, ConnectionGate gate) {
        Share share =
                shares.computeIfAbsent(
                        channel.eventLoop(),
                        _ -> new Share(new LoopBudget(loopBytesMax), frameBytesMax));
        channel.pipeline()
                .addLast(
                        new KafkaConnection(
                                channel, gate, service, share, numbers.incrementAndGet()));
    }

    /// Bytes of requests in memory.
    public long inFlightBytes() {
        return shares.values().stream().mapToLong(share -> share.budget().bytes()).sum();
    }
}
