package io.millrace.gateway.http;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.broker.Broker;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.call.Places;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Origins;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.page.Dashboard;
import io.millrace.gateway.http.publish.PublishEndpoint;
import io.millrace.gateway.http.read.ContextEndpoints;
import io.millrace.gateway.http.read.LatestEndpoint;
import io.millrace.gateway.http.read.ReadEndpoint;
import io.millrace.gateway.http.resource.ResourceEndpoints;
import io.millrace.gateway.http.socket.EventSocketService;
import io.millrace.gateway.http.socket.ForeignService;
import io.millrace.gateway.http.socket.SocketService;
import io.millrace.gateway.http.socket.Sockets;
import io.millrace.gateway.http.status.MetricsEndpoint;
import io.millrace.gateway.http.status.ServerEndpoints;
import io.millrace.gateway.http.status.StatusEndpoints;
import io.millrace.gateway.http.subscription.SubscriptionsApi;
import io.millrace.gateway.http.tail.TailEndpoint;
import io.millrace.gateway.listener.ConnectionLimits;
import io.millrace.gateway.listener.EventLoops;
import io.millrace.gateway.listener.SocketHandler;
import io.millrace.io.Clock;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP API (docs/reference/http-api.md) on one port.
///
/// [#start] and [#close] belong to whoever wires the server; everything else happens on event loops
/// and virtual threads.
public final class HttpGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpGateway.class);
    private static final int BACKLOG = 1024;
    private static final int HEALTH_PLACES = 64;

    private static final Duration START_MAX = Duration.ofSeconds(30);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(5);

    /// How long a client may take to agree that its WebSocket is closed.
    private static final int FAREWELL_SECONDS = 2;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final HttpConfig config;
    private final EventLoops loops;
    private final Clock clock;
    private final Router router;
    private final PublishEndpoint publish;
    private final Origins origins;
    private final Sockets sockets;
    private final int frameBytesMax;
    private final List<HttpLoop> parts = new CopyOnWriteArrayList<>();
    private final Places reads;
    private final Places tails;
    private final Places receivers;
    private final QueryRoutes queries;

    /// Whoever watches over the server gets an answer when everyone else has to wait.
    private final Places health = new Places(HEALTH_PLACES);

    private final ServerEndpoints server;
    private final MetricsEndpoint metrics;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<Future<Void>> draining = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int port;

    public HttpGateway(HttpConfig config, Broker broker, Clock clock) {
        this(config, broker, clock, List.of());
    }

    /// @param others what `GET /metrics` tells besides
    public HttpGateway(HttpConfig config, Broker broker, Clock clock, List<MeterBinder> others) {
        this(config, broker, clock, others, null);
    }

    /// @param others what `GET /metrics` tells besides
    /// @param mqtt takes over the WebSockets at `/mqtt`; without it there is nothing at that path
    public HttpGateway(
            HttpConfig config,
            Broker broker,
            Clock clock,
            List<MeterBinder> others,
            @Nullable SocketHandler mqtt) {
        this(config, BrokerDoor.of(broker), clock, HEARTBEAT, others, mqtt);
    }

    HttpGateway(HttpConfig config, BrokerDoor broker, Clock clock, Duration heartbeat) {
        this(config, broker, clock, heartbeat, List.of(), null);
    }

    HttpGateway(
            HttpConfig config,
            BrokerDoor broker,
            Clock clock,
            Duration heartbeat,
            List<MeterBinder> others,
            @Nullable SocketHandler mqtt) {
        this.config = config;
        this.clock = clock;
        HttpLimits limits = config.limits();
        this.loops =
                new EventLoops(
                        Runtime.getRuntime().availableProcessors(),
                        new ConnectionLimits(
                                limits.connectionsMax(), limits.requestMax(), limits.idleMax()),
                        clock);
        this.publish = new PublishEndpoint(broker, limits);
        this.origins = new Origins(config.hosts());
        this.reads = new Places(limits.readsMax());
        this.tails = new Places(limits.tailsMax());
        this.receivers = new Places(limits.receiversMax());
        this.frameBytesMax =
                mqtt == null
                        ? limits.bodyBytesMax()
                        : Math.max(limits.bodyBytesMax(), mqtt.frameBytesMax());
        this.sockets = sockets(broker, heartbeat, mqtt);
        this.server = new ServerEndpoints(broker, limits, clock);
        this.queries = new QueryRoutes(broker, limits, clock, heartbeat);
        this.metrics =
                new MetricsEndpoint(
                        broker,
                        parts,
                        loops.census(),
                        List.of(tails, receivers, queries.runs()),
                        others);
        this.router = router(broker, heartbeat);
    }

    private Sockets sockets(BrokerDoor broker, Duration heartbeat, @Nullable SocketHandler mqtt) {
        List<SocketService> services = new ArrayList<>();
        services.add(
                new EventSocketService(broker, tails, config.limits().bodyBytesMax(), heartbeat));
        if (mqtt != null) {
            services.add(ForeignService.mqtt(mqtt));
        }
        return new Sockets(origins, services);
    }

    private Router router(BrokerDoor broker, Duration heartbeat) {
        // Publishing has a way of its own; this tells what methods its paths have.
        Endpoint publishing = _ -> Answer.empty(405);
        TailEndpoint tail = new TailEndpoint(broker, heartbeat);
        StatusEndpoints status = new StatusEndpoints(broker, clock);
        ContextEndpoints contexts = new ContextEndpoints(broker, clock);
        Dashboard dashboard = new Dashboard(HttpGateway.class.getClassLoader());
        ResourceEndpoints resources = new ResourceEndpoints(broker::administration);
        HttpMethod get = HttpMethod.GET;
        Router router = resources.addTo(new Router(config.limits().bodyBytesMax()));
        router.add(Route.PUBLISH, HttpMethod.POST, "/events/**", publishing)
                .add(Route.READ, get, "/streams/{}/events", new ReadEndpoint(broker), reads)
                .add(Route.TAIL, get, "/tail/**", tail, tails)
                .add(Route.LATEST, get, "/latest/**", new LatestEndpoint(broker), reads)
                .add(Route.STATUS, get, "/api/v1/streams/{}/status", status::one)
                .add(Route.STATUS, get, "/api/v1/status", status::all)
                .add(Route.CONTEXTS, get, "/api/v1/contexts", contexts::list)
                .add(Route.CONTEXTS, get, "/api/v1/contexts/latest", contexts::latest)
                .add(Route.SERVER, get, "/api/v1/server", server::server)
                .add(Route.HEALTH, get, "/health/live", server::live, health)
                .add(Route.HEALTH, get, "/health/ready", server::readiness, health)
                .add(Route.METRICS, get, "/metrics", metrics, health)
                .add(Route.DASHBOARD, get, "/dashboard/**", dashboard)
                .add(Route.DASHBOARD, get, "/", dashboard::redirect);
        new SubscriptionsApi(broker::administration, clock).addTo(router);
        new WorkRoutes(broker, config.limits(), receivers, router.ordinary(), heartbeat)
                .addTo(router);
        return queries.addTo(router);
    }

    /// Begins to listen.
    ///
    /// @throws MillraceException CONFIGURATION_INVALID if the port is taken or the address is none
    ///   of this machine's
    public void start() throws InterruptedException {
        HttpServerOptions options = options();
        DeploymentOptions deployment = new DeploymentOptions().setInstances(loops.count());
        Future<String> started = loops.vertx().deployVerticle(() -> new Part(options), deployment);
        try {
            started.toCompletionStage()
                    .toCompletableFuture()
                    .get(START_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            close();
            throw refused(e.getCause());
        } catch (TimeoutException e) {
            close();
            throw refused(e);
        }
        server.ready();
        LOG.info("HTTP listens on {}:{}", config.address(), port);
    }

    private MillraceException refused(@Nullable Throwable cause) {
        String place = config.address() + ":" + config.port();
        if (cause instanceof BindException) {
            return new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "port",
                    "%s is taken by another process (%s); stop it or choose another port"
                            .formatted(place, cause.getMessage()));
        }
        return new MillraceException(
                ErrorCode.CONFIGURATION_INVALID,
                "address",
                "cannot listen on %s: %s".formatted(place, cause));
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        options.setHost(config.address())
                .setPort(config.port())
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setReusePort(false);
        // Otherwise every message of every connection passes through handlers that wait for a
        // WebSocket to be compressed; events are small, and a compressor for each is not.
        options.setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        // Each path chooses among what is offered, so whatever is still offered after that is fine.
        options.setWebSocketSubProtocols(List.of("*"))
                .setMaxWebSocketFrameSize(frameBytesMax)
                .setMaxWebSocketMessageSize(frameBytesMax)
                .setWebSocketClosingTimeout(FAREWELL_SECONDS);
        // CVE-2023-44487: requests that are reset at once cost the client nothing.
        options.setHttp2RstFloodMaxRstFramePerWindow(HttpLimits.RESETS_MAX)
                .setHttp2RstFloodWindowDuration(HttpLimits.RESETS_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
        return options.setMaxHeaderSize(HttpLimits.HEADER_BYTES_MAX)
                .setMaxInitialLineLength(HttpLimits.FIRST_LINE_BYTES_MAX)
                .setMaxChunkSize(64 << 10)
                .setHttp2ClearTextEnabled(true)
                .setInitialSettings(
                        new Http2Settings()
                                .setMaxConcurrentStreams(HttpLimits.STREAMS_MAX)
                                .setMaxHeaderListSize(HttpLimits.HEADER_BYTES_MAX)
                                .setPushEnabled(false))
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
    }

    /// The port that is listened on, also if the configuration left it open.
    public int port() {
        return port;
    }

    /// Reads of history in progress.
    int readers() {
        return reads.taken();
    }

    /// Contexts followed now.
    int followers() {
        return tails.taken();
    }

    /// Consumers that ask for events or jobs now.
    int receivers() {
        return receivers.taken();
    }

    /// Bytes that are reserved for bodies now, over all event loops.
    long inFlightBytes() throws InterruptedException, ExecutionException {
        return sum(HttpLoop::bodyBytes);
    }

    /// Requests in progress.
    long requests() throws InterruptedException, ExecutionException {
        return sum(loop -> loop.peers().stream().mapToLong(HttpPeer::requests).sum());
    }

    private long sum(ToLongFunction<HttpLoop> number)
            throws InterruptedException, ExecutionException {
        long sum = 0;
        for (HttpLoop part : parts) {
            CompletableFuture<Long> asked = new CompletableFuture<>();
            part.context().runOnContext(_ -> asked.complete(number.applyAsLong(part)));
            sum += asked.get();
        }
        return sum;
    }

    /// Open connections.
    int connections() {
        return loops.census().open();
    }

    /// Stops: no connection is accepted any more, requests in progress are answered, those who
    /// follow are told, and after a few seconds whatever is left is cut off. To be called before
    /// the broker is closed.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.stopping();
        // Before the connections are drained, which closes sockets without a word.
        for (HttpLoop part : parts) {
            part.context().runOnContext(_ -> part.peers().forEach(HttpPeer::stopping));
        }
        for (HttpServer listening : servers) {
            draining.add(listening.shutdown(DRAIN_MAX));
        }
        try {
            Future.join(draining)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(2 * DRAIN_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Some connections had to be cut off", e);
        }
        metrics.close();
        loops.close();
    }

    /// One event loop's server. Vert.x gives each verticle instance a loop of its own.
    private final class Part extends AbstractVerticle {
        private final HttpServerOptions options;

        Part(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void start(Promise<Void> started) {
            Vertx own = getVertx();
            long share =
                    Math.max(
                            2L * largestBody(), config.limits().inFlightBytesMax() / loops.count());
            HttpLoop loop = new HttpLoop(own.getOrCreateContext(), config.limits(), share, clock);
            parts.add(loop);
            RequestDispatcher dispatcher =
                    new RequestDispatcher(loop, origins, publish, sockets, router);
            HttpServer listener =
                    own.createHttpServer(options)
                            .connectionHandler(loop::connected)
                            .requestHandler(dispatcher)
                            .invalidRequestHandler(dispatcher::handleInvalid)
                            .exceptionHandler(e -> LOG.debug("A connection failed", e));
            servers.add(listener);
            listener.listen(place())
                    .onComplete(
                            listening -> {
                                port = listening.actualPort();
                                started.complete();
                            },
                            started::fail);
        }

        /// All event loops share one port, also if it is any free one.
        private SocketAddress place() {
            return config.port() == 0
                    ? SocketAddress.sharedRandomPort(1, config.address())
                    : SocketAddress.inetSocketAddress(config.port(), config.address());
        }

        private int largestBody() {
            return Math.max(config.limits().bodyBytesMax(), config.limits().batchBytesMax());
        }
    }
}
