package io.millrace.gateway.listener;

import io.millrace.io.Clock;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that serve sockets, with a gate before each accepted connection. Thread-safe.
public final class EventLoops implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ConnectionCensus census;
    private final int count;

    /// @param count of event loops, usually one for each processor
    public EventLoops(int count, ConnectionLimits limits, Clock clock) {
        this.count = count;
        this.census = new ConnectionCensus(limits.connectionsMax());
        GateWatches watches = new GateWatches(clock, limits);
        VertxOptions options =
                new VertxOptions()
                        .setEventLoopPoolSize(count)
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1);
        options.getFileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false);
        this.vertx =
                Vertx.builder()
                        .with(options)
                        .withTransport(
                                new Gated(
                                        new GatedTransport(
                                                Transport.NIO.implementation(), census, watches)))
                        .build();
    }

    public Vertx vertx() {
        return vertx;
    }

    public int count() {
        return count;
    }

    public ConnectionCensus census() {
        return census;
    }

    @Override
    public void close() {
        try {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.warn("The event loops did not stop in time", e);
        }
    }

    /// Makes the gated transport known to Vert.x.
    private record Gated(GatedTransport implementation) implements Transport {
        @Override
        public String name() {
            return "gated-nio";
        }

        @Override
        public boolean available() {
            return true;
        }

        // There is no cause, and the interface has no word for that.
        @SuppressWarnings("NullAway")
        @Override
        public Throwable unavailabilityCause() {
            return null;
        }
    }
}
