package io.millrace.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.broker.Broker;
import io.millrace.connect.sink.ConfiguredSinks;
import io.millrace.connect.table.PostgresTables;
import io.millrace.delivery.Sinks;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.HttpGateway;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.kafka.KafkaGateway;
import io.millrace.gateway.kafka.KafkaGround;
import io.millrace.gateway.listener.SocketHandler;
import io.millrace.gateway.mqtt.MqttGateway;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import io.millrace.io.FileDisk;
import io.millrace.io.FolderLock;
import io.millrace.security.OpenGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: the data folder's lock, the broker on it and the gateways in front.
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final FolderLock lock;
    private final Broker broker;
    private final HttpGateway http;
    private final @Nullable KafkaGateway kafka;
    private final @Nullable MqttGateway mqtt;
    private final Sinks sinks;

    private Server(
            FolderLock lock,
            Broker broker,
            HttpGateway http,
            @Nullable KafkaGateway kafka,
            @Nullable MqttGateway mqtt,
            Sinks sinks) {
        this.lock = lock;
        this.broker = broker;
        this.http = http;
        this.kafka = kafka;
        this.mqtt = mqtt;
        this.sinks = sinks;
    }

    /// Starts everything; returns when the server answers.
    ///
    /// @throws MillraceException saying what is wrong with the configuration, the data folder or
    ///   the port
    static Server start(ServerConfig config) throws InterruptedException {
        HttpConfig httpConfig = config.httpConfig();
        Path data = config.data().toAbsolutePath().normalize();
        FolderLock lock = lock(data);
        try {
            return start(config, httpConfig, data, lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static Server start(
            ServerConfig config, HttpConfig httpConfig, Path data, FolderLock lock)
            throws InterruptedException {
        Clock clock = Clock.system();
        int processors = Runtime.getRuntime().availableProcessors();
        Sinks sinks = new ConfiguredSinks(config.sinksConfig(), clock);
        Broker broker;
        try {
            broker =
                    new Broker(
                            data,
                            config.brokerConfig(processors),
                            new OpenGuard(),
                            ground(config, clock, sinks));
        } catch (IOException e) {
            throw unusable(data, e);
        }
        // What has been started is stopped in the other order if something cannot be.
        Deque<AutoCloseable> started = new ArrayDeque<>(List.of(broker, sinks));
        try {
            return start(config, httpConfig, lock, clock, broker, sinks, started);
        } catch (RuntimeException e) {
            started.forEach(Server::stop);
            throw e;
        }
    }

    private static Server start(
            ServerConfig config,
            HttpConfig httpConfig,
            FolderLock lock,
            Clock clock,
            Broker broker,
            Sinks sinks,
            Deque<AutoCloseable> started)
            throws InterruptedException {
        KafkaGateway kafka = null;
        if (config.kafka().enabled()) {
            KafkaGround ground =
                    new KafkaGround(broker.topics(), broker.shares(), broker::table, clock);
            kafka = new KafkaGateway(config.kafka().kafkaConfig(), ground);
            started.push(kafka);
        }
        MqttGateway mqtt = null;
        if (config.mqtt().enabled()) {
            mqtt = new MqttGateway(config.mqtt().mqttConfig(), broker, clock);
            started.push(mqtt);
        }
        SocketHandler sockets = mqtt == null ? null : mqtt.webSockets();
        HttpGateway http =
                new HttpGateway(httpConfig, broker, clock, metrics(kafka, mqtt), sockets);
        started.push(http);
        http.start();
        broker.reachableAt(config.queries().reachedAt(config.http().address(), http.port()));
        if (kafka != null) {
            kafka.start();
        }
        if (mqtt != null) {
            mqtt.start();
        }
        return new Server(lock, broker, http, kafka, mqtt, sinks);
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // What kept the server from starting is what counts.
            LOG.warn("A part of the server could not be stopped", e);
        }
    }

    private static Broker.Ground ground(ServerConfig config, Clock clock, Sinks sinks) {
        return new Broker.Ground(
                new FileDisk(),
                clock,
                new AgentThreads(),
                sinks,
                new QueryLibraries(config.queries().capacity()),
                new PostgresTables());
    }

    private static List<MeterBinder> metrics(
            @Nullable KafkaGateway kafka, @Nullable MqttGateway mqtt) {
        List<MeterBinder> all = new ArrayList<>();
        if (kafka != null) {
            all.add(kafka.metrics());
        }
        if (mqtt != null) {
            all.add(mqtt.metrics());
        }
        return all;
    }

    private static void release(FolderLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FolderLock lock(Path data) {
        try {
            return FolderLock.acquire(data);
        } catch (IOException e) {
            throw unusable(data, e);
        }
    }

    private static MillraceException unusable(Path data, IOException e) {
        if (e instanceof DiskFullException) {
            return new MillraceException(
                    ErrorCode.DISK_FULL,
                    "the data folder %s has no room: %s. Make room on its disk and start again."
                            .formatted(data, e.getMessage()),
                    e);
        }
        return new MillraceException(
                ErrorCode.DISK_READ_ONLY,
                "the data folder %s cannot be used: %s. Give the server one that it may write to, with --data DIR."
                        .formatted(data, reason(e)),
                e);
    }

    /// The words of an exception that has some, without the name of its class.
    private static String reason(IOException e) {
        String words = e.getMessage();
        return e instanceof DiskReadOnlyException && words != null ? words : e.toString();
    }

    int port() {
        return http.port();
    }

    /// Where Kafka's clients are listened to; `null` if they are not.
    @Nullable Integer kafkaPort() {
        return kafka == null ? null : kafka.port();
    }

    /// Where MQTT clients are listened to; `null` if they are not.
    @Nullable Integer mqttPort() {
        return mqtt == null ? null : mqtt.port();
    }

    @Override
    public void close() {
        if (mqtt != null) {
            mqtt.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        http.close();
        broker.close();
        sinks.close();
        release(lock);
    }
}
