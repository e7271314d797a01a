package io.millrace.gateway.mqtt;

import io.millrace.broker.Broker;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.listener.ConnectionLimits;
import io.millrace.gateway.listener.SocketHandler;
import io.millrace.gateway.listener.SocketListener;
import io.millrace.gateway.mqtt.config.MqttConfig;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.connection.MqttService;
import io.millrace.gateway.mqtt.connection.WebSockets;
import io.millrace.gateway.mqtt.loop.Clients;
import io.millrace.gateway.mqtt.loop.MqttLoop;
import io.millrace.gateway.mqtt.loop.MqttLoops;
import io.millrace.gateway.mqtt.loop.SharedGroups;
import io.millrace.gateway.mqtt.session.Authentication;
import io.millrace.gateway.mqtt.store.SessionStore;
import io.millrace.io.Clock;
import io.millrace.io.Randomness;
import io.millrace.security.Principal;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// MQTT 3.1.1 and 5.0: topics are contexts, sessions are places in the log.
///
/// [#start] and [#close] belong to whoever wires the server; everything else happens on event loops
/// and virtual threads.
public final class MqttGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttGateway.class);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(5);
    private static final long DRAIN_STEP_NANOS = 5_000_000;

    private final MqttConfig config;
    private final SocketListener listener;
    private final ExecutorService threads;
    private final Clients clients;
    private final MqttLoops loops;
    private final MqttService service;
    private final MqttMetrics metrics;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Opens the table of sessions and reads it, which waits for the disk.
    public MqttGateway(MqttConfig config, Broker broker, Clock clock) {
        this(config, broker, clock, Authentication.none(Principal.LOCAL));
    }

    /// @param authentication how connections find out who their clients are
    public MqttGateway(
            MqttConfig config, Broker broker, Clock clock, Authentication.Factory authentication) {
        this.config = config;
        MqttLimits limits = config.limits();
        this.listener =
                new SocketListener(
                        "mqtt-loop",
                        config.loopCount(),
                        new ConnectionLimits(
                                limits.connectionsMax(), limits.connectMax(), limits.connectMax()),
                        clock);
        this.threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mqtt-").factory());
        SessionStore store = new SessionStore(broker.table(SessionStore.TABLE));
        SharedGroups shared = new SharedGroups(broker, threads);
        String process =
                Long.toString(
                        Randomness.unguessable().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
        this.clients = new Clients(store, shared, clock, process, limits.sessionsMax());
        clients.load();
        this.loops =
                new MqttLoops(
                        new MqttLoop.Ground(broker, clients, shared, store, clock, threads),
                        process);
        this.service = new MqttService(loops, limits, config.usual(), authentication, clock);
        this.metrics = new MqttMetrics(service, clients, loops);
    }

    /// Begins to listen.
    ///
    /// @throws MillraceException CONFIGURATION_INVALID if the port is taken or the address is none
    ///   of this machine's
    public void start() {
        try {
            listener.listen(
                    new InetSocketAddress(config.address(), config.port()), service::accept);
        } catch (IOException e) {
            close();
            throw refused(e);
        }
        // Sessions end, and wills are due, whether or not somebody connects.
        var _ = loops.of(listener.anyLoop());
        LOG.info("MQTT listens on {}:{}", config.address(), port());
    }

    private MillraceException refused(IOException problem) {
        String place = config.address() + ":" + config.port();
        if (problem instanceof BindException) {
            return new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "mqtt.port",
                    "%s is taken by another process (%s); stop it or choose another port for MQTT clients"
                            .formatted(place, problem.getMessage()));
        }
        return new MillraceException(
                ErrorCode.CONFIGURATION_INVALID,
                "mqtt.address",
                "cannot listen on %s: %s".formatted(place, problem));
    }

    /// The port that is listened on, also if the configuration left it open.
    public int port() {
        return listener.port();
    }

    /// What there is of sessions at the moment, roughly while they come and go.
    ///
    /// @param connected with somebody connected, or about to be
    /// @param resting that wait for their clients
    /// @param followed patterns that the event loops follow for them, each once for each loop
    record Sessions(int connected, int resting, int followed) {}

    Sessions sessions() {
        return new Sessions(clients.connected(), clients.resting(), loops.followed());
    }

    /// Takes over WebSockets of the HTTP port that want to speak MQTT.
    public SocketHandler webSockets() {
        return new WebSockets(service);
    }

    /// Counts what clients do.
    public MqttMetrics metrics() {
        return metrics;
    }

    /// Stops: takes no connection any more, tells clients, and writes down where their sessions
    /// are. To be called before the broker is closed.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listener.stopAccepting();
            service.stopping();
            long until = System.nanoTime() + DRAIN_MAX.toNanos();
            while (clients.connected() > 0 && System.nanoTime() < until) {
                LockSupport.parkNanos(DRAIN_STEP_NANOS);
            }
            loops.close();
            listener.close();
            threads.shutdown();
        }
    }
}
