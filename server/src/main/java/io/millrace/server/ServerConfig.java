package io.millrace.server;

import io.millrace.broker.BrokerConfig;
import io.millrace.config.ByteSize;
import io.millrace.config.Key;
import io.millrace.config.ProblemCollector;
import io.millrace.connect.sink.SinksConfig;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.router.TailConfig;
import io.millrace.shard.ShardConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration file of a server; every key has a default, so that no file is needed.
public record ServerConfig(
        @Key(doc = "Folder of all data; one server at a time uses it.", def = ".data") Path data,
        @Key(doc = "The HTTP API.") Http http,
        @Key(doc = "Kafka's protocol.") KafkaSection kafka,
        @Key(doc = "MQTT.") MqttSection mqtt,
        @Key(doc = "Bounds of the broker.") Bounds bounds,
        @Key(doc = "Where subscriptions may push to.") Sinks sinks,
        @Key(doc = "Queries.") QuerySection queries) {

    /// Where and how the HTTP API listens.
    public record Http(
            @Key(
                            doc =
                                    "Address to listen on: a loopback address, as long as there is no TLS "
                                            + "and no authentication.",
                            def = "127.0.0.1")
                    String address,
            @Key(doc = "Port to listen on; 0 takes any free one.", def = "8080", max = 65_535)
                    int port,
            @Key(
                            doc =
                                    "Further names by which clients may call the server, as in their `Host` header;"
                                            + " those of the loopback address always work.")
                    List<String> hosts,
            @Key(doc = "Open connections.", def = "10000", min = 1, max = 1_000_000)
                    int connections,
            @Key(
                            doc = "Time for a request to arrive, headers and body each.",
                            def = "30s",
                            least = "10ms",
                            most = "1h")
                    Duration requestTime,
            @Key(
                            doc = "Time that a connection may stay open without a request.",
                            def = "60s",
                            least = "10ms",
                            most = "1h")
                    Duration idleTime,
            @Key(doc = "Reads of history at the same time.", def = "1000", min = 1, max = 1_000_000)
                    int reads,
            @Key(
                            doc = "Contexts followed at the same time.",
                            def = "1000",
                            min = 1,
                            max = 1_000_000)
                    int tails,
            @Key(
                            doc =
                                    "Consumers that ask subscriptions and queues for events or jobs at the "
                                            + "same time, those that wait included.",
                            def = "10000",
                            min = 1,
                            max = 1_000_000)
                    int receivers) {
        /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
        public Http {
            hosts = List.copyOf(hosts);
            new HttpConfig(address, port, hosts, HttpLimits.DEFAULT);
        }
    }

    /// What may pass at once.
    public record Bounds(
            @Key(
                            doc =
                                    "Size of one event with all its attributes, and of a resource document.",
                            def = "1MiB",
                            least = "1KiB",
                            most = "32MiB")
                    ByteSize event,
            @Key(
                            doc = "Size of a batch of events in one request, decompressed.",
                            def = "8MiB",
                            least = "1KiB",
                            most = "64MiB")
                    ByteSize batch,
            @Key(doc = "Events in one batch.", def = "10000", min = 1, max = 1_000_000)
                    int batchEvents,
            @Key(
                            doc =
                                    "Request bodies in memory, at least twice `event` and `batch`; what is "
                                            + "more waits in the sockets. Divided among the processors, each "
                                            + "with room for two of the largest bodies at least.",
                            def = "128MiB")
                    ByteSize inFlight,
            @Key(
                            doc =
                                    "Events that wait to be written, for each shard (one for four "
                                            + "processors), at least twice `event` and `batch`; beyond, "
                                            + "publishers are told to slow down.",
                            def = "64MiB")
                    ByteSize unwritten,
            @Key(
                            doc = "Live events that may wait for one slow reader.",
                            def = "16384",
                            min = 1,
                            max = 10_000_000)
                    int tailEvents,
            @Key(
                            doc =
                                    "Data of live events that may wait for one slow reader; two of `event` at least.",
                            def = "16MiB")
                    ByteSize tailBytes,
            @Key(
                            doc = "Contexts whose activity is remembered.",
                            def = "250000",
                            min = 1,
                            max = 50_000_000)
                    int contexts) {
        /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
        public Bounds {
            ProblemCollector problems = new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
            ByteSize largest = event.compareTo(batch) > 0 ? event : batch;
            holdsTwo(problems, "inFlight", inFlight, largest);
            holdsTwo(problems, "unwritten", unwritten, largest);
            holdsTwo(problems, "tailBytes", tailBytes, event);
            problems.throwIfAny();
        }

        /// With less, what is allowed by one bound would be refused for ever by another.
        private static void holdsTwo(
                ProblemCollector problems, String key, ByteSize value, ByteSize largest) {
            ByteSize least = new ByteSize(2 * largest.bytes());
            if (value.compareTo(least) < 0) {
                problems.add(
                        key,
                        "must be at least %s, twice the largest that may come, but is %s"
                                .formatted(least, value));
            }
        }
    }

    /// Where subscriptions may push to, and how.
    public record Sinks(
            @Key(
                            doc =
                                    "Addresses, ranges such as `10.0.0.0/8`, and host names that sinks may"
                                            + " be at, besides the public internet; nothing private is"
                                            + " reached otherwise.")
                    List<String> allow,
            @Key(
                            doc =
                                    "Addresses, ranges and host names, besides loopback, that tokens and"
                                            + " secret headers may be sent to over plain `http`, where"
                                            + " everybody on the way can read them.")
                    List<String> plain,
            @Key(
                            doc =
                                    "Event loops (threads) for pushing; they start with the first subscription"
                                            + " that pushes.",
                            def = "1",
                            min = 1,
                            max = 64)
                    int loops,
            @Key(
                            doc =
                                    "DNS name by which sinks are asked for permission to push to them"
                                            + " (`WebHook-Request-Origin`).",
                            def = "millrace")
                    String origin,
            @Key(
                            doc =
                                    "Where sinks reach this server, such as `https://events.example.com`, to"
                                            + " give permission later (`WebHook-Request-Callback`); without"
                                            + " it they cannot. Its host name must be among `http.hosts`"
                                            + " unless a proxy in between changes it.")
                    @Nullable String callback) {
        /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
        public Sinks {
            ProblemCollector problems = new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
            check(problems, "allow", allow);
            check(problems, "plain", plain);
            check(problems, "origin", List.of(), origin, null);
            check(problems, "callback", List.of(), "millrace", callback);
            problems.throwIfAny();
            allow = List.copyOf(allow);
            plain = List.copyOf(plain);
        }

        private static void check(ProblemCollector problems, String key, List<String> addresses) {
            for (int i = 0; i < addresses.size(); i++) {
                List<String> one = List.of(addresses.get(i));
                check(problems, "%s[%d]".formatted(key, i), one, "millrace", null);
            }
        }

        private static void check(
                ProblemCollector problems,
                String key,
                List<String> allow,
                String origin,
                @Nullable String callback) {
            try {
                SinksConfig _ =
                        new SinksConfig(allow, List.of(), 1, Duration.ZERO, origin, callback);
            } catch (IllegalArgumentException e) {
                problems.add(key, String.valueOf(e.getMessage()));
            }
        }
    }

    SinksConfig sinksConfig() {
        return new SinksConfig(
                sinks.allow,
                sinks.plain,
                sinks.loops,
                SinksConfig.DEFAULT.namesRemembered(),
                sinks.origin,
                sinks.callback);
    }

    HttpConfig httpConfig() {
        HttpLimits limits =
                new HttpLimits(
                        Math.toIntExact(bounds.event.bytes()),
                        Math.toIntExact(bounds.batch.bytes()),
                        bounds.batchEvents,
                        bounds.inFlight.bytes(),
                        http.connections,
                        http.requestTime,
                        http.idleTime,
                        http.reads,
                        http.tails,
                        http.receivers);
        return new HttpConfig(http.address, http.port, http.hosts, limits);
    }

    BrokerConfig brokerConfig(int processors) {
        return new BrokerConfig(
                        Math.max(1, processors / 4),
                        new ShardConfig(
                                bounds.unwritten.bytes(), ShardConfig.DEFAULT.batchBytesMax()),
                        new TailConfig(
                                bounds.tailEvents,
                                bounds.tailBytes.bytes(),
                                TailConfig.DEFAULT.partitionsMax()),
                        Math.toIntExact(bounds.event.bytes()),
                        bounds.contexts)
                .with(kafka.topicSettings());
    }

    private static boolean takesAny(ServerOptions options) {
        return options.port() != null && options.port() == 0;
    }

    /// With what was said on the command line in place of what the file says.
    ServerConfig with(ServerOptions options) {
        int port = options.port() == null ? http.port : options.port();
        Integer kafkaPort = options.kafkaPort();
        if (kafkaPort == null) {
            // Whoever takes any free port has another server at the usual ones.
            kafkaPort = takesAny(options) ? 0 : kafka.port();
        }
        Integer mqttPort = options.mqttPort();
        if (mqttPort == null) {
            mqttPort = takesAny(options) ? 0 : mqtt.port();
        }
        Http changed =
                new Http(
                        http.address,
                        port,
                        http.hosts,
                        http.connections,
                        http.requestTime,
                        http.idleTime,
                        http.reads,
                        http.tails,
                        http.receivers);
        return new ServerConfig(
                options.data() == null ? data : options.data(),
                changed,
                kafka.withPort(kafkaPort),
                mqtt.withPort(mqttPort),
                bounds,
                sinks,
                queries);
    }
}
