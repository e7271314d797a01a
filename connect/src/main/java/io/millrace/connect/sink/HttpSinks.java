package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.SinkAddress;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.io.Clock;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http1ClientConfig;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ClientSSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes sinks, and holds the event loops and the connections that they share. Thread-safe.
///
/// Sinks at one host share connections, but not turns: each has its own limit of concurrency.
public final class HttpSinks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSinks.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    /// A kept-alive connection is closed after this time without use.
    private static final Duration KEPT_ALIVE = Duration.ofSeconds(30);

    /// A connection with which nothing is heard for so long is dead, though it may not be closed.
    private static final Duration SILENT_MAX = Duration.ofSeconds(90);

    /// Connections of one loop to one host; the sinks' own limits are far below.
    private static final int CONNECTIONS_MAX = 10_000;

    private static final int HTTP2_CONNECTIONS_MAX = 8;

    private final Vertx vertx;
    private final List<SinkLoop> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Duration remembered;

    /// Starts the event loops.
    ///
    /// @param options threads, and how long names are remembered
    /// @param resolver stays the caller's
    public HttpSinks(Options options, NameResolver resolver, AddressGuard guard, Clock clock) {
        this.remembered = options.namesRemembered();
        VertxOptions vertxOptions =
                new VertxOptions()
                        .setEventLoopPoolSize(options.loops())
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1);
        vertxOptions
                .getFileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false);
        this.vertx = Vertx.vertx(vertxOptions);
        SinkLoop.Lookups lookups = new SinkLoop.Lookups(resolver, guard);
        boolean started =
                await(
                        vertx.deployVerticle(
                                () -> new LoopStart(lookups, options.tls(), clock),
                                new DeploymentOptions()
                                        .setThreadingModel(ThreadingModel.EVENT_LOOP)
                                        .setInstances(options.loops())));
        if (!started) {
            boolean _ = await(vertx.close());
            throw new IllegalStateException("the event loops of the sinks did not start");
        }
    }

    /// @param loops event loops
    /// @param namesRemembered how long what a name stands for is taken as known
    /// @param tls whom to trust; the empty options trust whom Java trusts
    public record Options(int loops, Duration namesRemembered, ClientSSLOptions tls) {
        /// One loop, names for 30 s, Java's certificates.
        public static Options defaults() {
            return new Options(1, Duration.ofSeconds(30), new ClientSSLOptions());
        }
    }

    /// Collects what belongs to one loop, on that loop.
    private final class LoopStart extends VerticleBase {
        private final SinkLoop.Lookups lookups;
        private final ClientSSLOptions tls;
        private final Clock clock;

        LoopStart(SinkLoop.Lookups lookups, ClientSSLOptions tls, Clock clock) {
            this.lookups = lookups;
            this.tls = tls;
            this.clock = clock;
        }

        @Override
        public Future<?> start() {
            loops.add(new SinkLoop(vertx, context, client(vertx, tls), lookups, clock));
            return Future.succeededFuture();
        }
    }

    private static HttpClientAgent client(Vertx vertx, ClientSSLOptions tls) {
        HttpClientConfig config =
                new HttpClientConfig()
                        .setVersions(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                        .setConnectTimeout(CONNECT_MAX)
                        .setHttp1Config(new Http1ClientConfig().setKeepAliveTimeout(KEPT_ALIVE))
                        .setHttp2Config(new Http2ClientConfig().setKeepAliveTimeout(KEPT_ALIVE))
                        .setReadIdleTimeout(SILENT_MAX)
                        .setFollowAlternativeServices(false)
                        .setDecompressionEnabled(false)
                        .setVerifyHost(true);
        PoolOptions pool =
                new PoolOptions()
                        .setHttp1MaxSize(CONNECTIONS_MAX)
                        .setHttp2MaxSize(HTTP2_CONNECTIONS_MAX);
        return vertx.httpClientBuilder().with(config).with(pool).with(tls.copy()).build();
    }

    /// Makes a sink; nothing is connected to yet.
    public HttpSink open(HttpSinkConfig config) {
        SinkLoop loop = nextLoop();
        AccessTokens tokens =
                config.credentials() instanceof Credentials.ClientCredentials wanted
                        ? new AccessTokens(loop, wanted, remembered)
                        : null;
        return new HttpSink(
                new SinkParts(
                        loop,
                        config,
                        new Peer(
                                loop,
                                config.address(),
                                "the sink",
                                config.hasSecrets(),
                                remembered),
                        new EventMessage(config.mode()),
                        tokens));
    }

    /// Whether an address leads to where it may lead now, for a resource that is being created. It
    /// is checked again at each connection.
    ///
    /// @param field which the address is of, to be named in the problem
    /// @return the problems; empty if there are none
    public CompletableFuture<List<Problem>> check(String field, SinkAddress address) {
        return check(List.of(field), address, "the sink", false);
    }

    /// The same for an address that is sent secrets.
    ///
    /// @param fields which the secrets are of; each is named in a problem
    /// @param who as in "the sink", for reasons
    CompletableFuture<List<Problem>> checkSecrets(
            List<String> fields, SinkAddress address, String who) {
        return check(fields, address, who, true);
    }

    private CompletableFuture<List<Problem>> check(
            List<String> fields, SinkAddress address, String who, boolean secrets) {
        CompletableFuture<List<Problem>> problems = new CompletableFuture<>();
        SinkLoop loop = nextLoop();
        loop.run(() ->
                new Peer(loop, address, who, secrets, remembered)
                        .addresses()
                        .onComplete(
                                _ -> problems.complete(List.of()),
                                cause ->
                                        problems.complete(
                                                fields.stream()
                                                        .map(field -> problem(field, cause))
                                                        .toList())));
        return problems;
    }

    private static Problem problem(String field, Throwable cause) {
        return new Problem(
                ErrorCode.RESOURCE_INVALID, field, AttemptFailure.of("the sink", cause).reason());
    }

    private SinkLoop nextLoop() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /// Closes all connections. Sinks should be closed before.
    @Override
    public void close() {
        boolean _ = await(vertx.close());
    }

    private static boolean await(Future<?> done) {
        try {
            done.toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The event loops of the sinks did not start or stop in time", e);
        }
        return false;
    }
}
