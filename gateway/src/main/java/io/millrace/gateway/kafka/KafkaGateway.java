package io.millrace.gateway.kafka;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.config.KafkaConfig;
import io.millrace.gateway.kafka.config.KafkaLimits;
import io.millrace.gateway.kafka.connection.KafkaLoops;
import io.millrace.gateway.kafka.fetch.FetchApi;
import io.millrace.gateway.kafka.fetch.FetchSessions;
import io.millrace.gateway.kafka.group.CoordinatorAddress.HostAndPort;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.metadata.Cluster;
import io.millrace.gateway.kafka.metadata.ClusterIdentity;
import io.millrace.gateway.kafka.metadata.MetadataApi;
import io.millrace.gateway.kafka.offsets.OffsetsApi;
import io.millrace.gateway.kafka.produce.ProduceApi;
import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.session.Authentication;
import io.millrace.gateway.kafka.session.KafkaService;
import io.millrace.gateway.kafka.session.NoAuthentication;
import io.millrace.gateway.kafka.session.RequestCounters;
import io.millrace.gateway.kafka.versions.VersionsApi;
import io.millrace.gateway.kafka.wire.ApiTable;
import io.millrace.gateway.kafka.wire.RequestCodec;
import io.millrace.gateway.listener.ConnectionLimits;
import io.millrace.gateway.listener.SocketListener;
import io.millrace.io.Randomness;
import io.millrace.security.Principal;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's protocol on one port: streams and queues as the topics of a cluster of one broker.
///
/// [#start] and [#close] belong to whoever wires the server; everything else happens on event
/// loops, virtual threads and the threads of coordinators.
public final class KafkaGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaGateway.class);

    /// Holds the id of the cluster.
    private static final String TABLE = "kafka";

    private final KafkaConfig config;
    private final SocketListener listener;
    private final ExecutorService waiting;
    private final RequestCounters counters = new RequestCounters();
    private final FetchSessions fetches;
    private final Coordinators coordinators;
    private final List<KafkaRoom> rooms;
    private final KafkaLoops loops;
    private final KafkaMetrics metrics;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Opens the gateway's tables, which waits for the disk.
    public KafkaGateway(KafkaConfig config, KafkaGround ground) {
        this(config, ground, new NoAuthentication(Principal.LOCAL));
    }

    /// @param authentication how connections find out who their clients are
    public KafkaGateway(
            KafkaConfig config, KafkaGround ground, Authentication.Factory authentication) {
        this.config = config;
        int count = Runtime.getRuntime().availableProcessors();
        KafkaLimits limits = config.limits();
        this.listener =
                new SocketListener(
                        "kafka-loop",
                        count,
                        new ConnectionLimits(
                                limits.connectionsMax(),
                                limits.session().stallMax(),
                                limits.idleMax()),
                        ground.clock());
        this.waiting =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kafka-").factory());
        this.fetches =
                new FetchSessions(
                        KafkaLimits.FETCH_SESSIONS_MAX,
                        KafkaLimits.FETCH_PARTITIONS_MAX,
                        ground.clock(),
                        Randomness.unguessable());
        this.coordinators =
                new Coordinators(
                        ground,
                        this::address,
                        () -> serverConfigs(ground.topics()),
                        GroupConfig.standard().with(config.initialRebalanceDelay()),
                        waiting);
        this.rooms = rooms(ground);
        ApiTable table = new ApiTable(apis(authentication), newest());
        Map<ApiKeys, RequestHandler> handlers = handlers();
        handlers.putAll(new VersionsApi(table, features()).handlers());
        KafkaService service =
                new KafkaService(
                        new RequestCodec(table),
                        handlers,
                        authentication,
                        limits.session(),
                        counters,
                        coordinators::gone);
        this.loops =
                new KafkaLoops(
                        service, limits.requestBytesMax(), limits.inFlightBytesMax() / count);
        this.metrics = new KafkaMetrics(counters, listener.census(), loops, fetches);
    }

    private HostAndPort address() {
        KafkaConfig.Advertised advertised = config.advertised();
        if (advertised == null) {
            return new HostAndPort(config.address(), port());
        }
        return new HostAndPort(
                advertised.host(), advertised.port() == 0 ? port() : advertised.port());
    }

    private Map<String, String> serverConfigs(Topics topics) {
        HostAndPort address = address();
        Map<String, String> configs = new TreeMap<>(topics.defaults());
        configs.put(
                "advertised.listeners",
                "PLAINTEXT://%s:%d".formatted(address.host(), address.port()));
        configs.put("listeners", "PLAINTEXT://%s:%d".formatted(config.address(), port()));
        configs.put("auto.create.topics.enable", Boolean.toString(config.createsTopics()));
        configs.put(
                "group.initial.rebalance.delay.ms",
                Long.toString(config.initialRebalanceDelay().toMillis()));
        return configs;
    }

    private List<KafkaRoom> rooms(KafkaGround ground) {
        Cluster cluster =
                new Cluster(
                        ClusterIdentity.of(ground.tables().apply(TABLE), Randomness.system()),
                        config.advertised() == null ? config.address() : config.advertised().host(),
                        () -> address().port());
        TransactionCheck transactions = coordinators.produceCheck();
        List<KafkaRoom> all = new ArrayList<>();
        MetadataApi metadata =
                new MetadataApi(ground.topics(), cluster, config.createsTopics(), waiting);
        all.add(KafkaRoom.of(metadata.handlers()));
        all.add(KafkaRoom.of(new ProduceApi(ground.topics(), transactions).handlers()));
        all.add(KafkaRoom.of(new FetchApi(ground.topics(), fetches, waiting).handlers()));
        all.add(KafkaRoom.of(new OffsetsApi(ground.topics(), waiting).handlers()));
        all.addAll(coordinators.rooms());
        return all;
    }

    private Map<ApiKeys, RequestHandler> handlers() {
        Map<ApiKeys, RequestHandler> all = new EnumMap<>(ApiKeys.class);
        rooms.forEach(room -> all.putAll(room.handlers()));
        return all;
    }

    private Set<ApiKeys> apis(Authentication.Factory authentication) {
        Set<ApiKeys> apis = EnumSet.of(ApiKeys.API_VERSIONS);
        apis.addAll(handlers().keySet());
        if (authentication.speaksSasl()) {
            apis.add(ApiKeys.SASL_HANDSHAKE);
            apis.add(ApiKeys.SASL_AUTHENTICATE);
        }
        return apis;
    }

    private Map<ApiKeys, Short> newest() {
        Map<ApiKeys, Short> all = new EnumMap<>(ApiKeys.class);
        rooms.forEach(room -> all.putAll(room.newest()));
        return all;
    }

    private Map<String, Short> features() {
        Map<String, Short> all = new TreeMap<>();
        rooms.forEach(room -> all.putAll(room.features()));
        return all;
    }

    /// Begins to listen.
    ///
    /// @throws MillraceException CONFIGURATION_INVALID if the port is taken or the address is none
    ///   of this machine's
    public void start() {
        try {
            listener.listen(new InetSocketAddress(config.address(), config.port()), loops::accept);
        } catch (IOException e) {
            close();
            throw refused(e);
        }
        LOG.info("Kafka listens on {}:{}", config.address(), port());
    }

    private MillraceException refused(IOException problem) {
        String place = config.address() + ":" + config.port();
        if (problem instanceof BindException) {
            return new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "kafka.port",
                    "%s is taken by another process (%s); stop it or choose another port for Kafka's clients"
                            .formatted(place, problem.getMessage()));
        }
        return new MillraceException(
                ErrorCode.CONFIGURATION_INVALID,
                "kafka.address",
                "cannot listen on %s: %s".formatted(place, problem));
    }

    /// The port that is listened on, also if the configuration left it open.
    public int port() {
        return listener.port();
    }

    /// Open connections.
    int connections() {
        return listener.census().open();
    }

    /// Bytes of requests in memory.
    long inFlightBytes() {
        return loops.inFlightBytes();
    }

    /// Counts what clients do.
    public KafkaMetrics metrics() {
        return metrics;
    }

    /// Stops: takes no connection any more and closes those that are open; whoever waits for an
    /// answer asks again elsewhere or later. To be called before the broker is closed.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listener.close();
            waiting.shutdown();
            coordinators.close();
        }
    }
}
