package io.millrace.server;

import io.millrace.broker.topic.TopicSettings;
import io.millrace.config.ByteSize;
import io.millrace.config.Key;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.gateway.kafka.config.KafkaConfig;
import io.millrace.gateway.kafka.config.KafkaLimits;
import io.millrace.gateway.kafka.session.SessionLimits;
import io.millrace.log.Durability;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where and how Kafka's clients are listened to; a part of the [ServerConfig].
public record KafkaSection(
        @Key(doc = "Whether Kafka's clients are listened to at all.", def = "true") boolean enabled,
        @Key(
                        doc =
                                "Address to listen on: a loopback address, as long as there is no TLS "
                                        + "and no authentication.",
                        def = "127.0.0.1")
                String address,
        @Key(doc = "Port to listen on; 0 takes any free one.", def = "9092", max = 65_535) int port,
        @Key(
                        doc =
                                "Host name or address at which clients are told to find the server, such"
                                        + " as that of a proxy; `address` without it.")
                @Nullable String advertisedHost,
        @Key(
                        doc =
                                "Port at which clients are told to find the server; 0 is the port that is"
                                        + " listened on.",
                        def = "0",
                        max = 65_535)
                int advertisedPort,
        @Key(doc = "Whether a topic is created when a client asks for it.", def = "true")
                boolean createTopics,
        @Key(
                        doc = "Partitions of a new topic that does not say how many.",
                        def = "4",
                        min = 1,
                        max = 1_000)
                int partitions,
        @Key(
                        doc =
                                "Context below which topics that Kafka's clients create are mounted, each"
                                        + " by its name.",
                        def = "/topics")
                String below,
        @Key(
                        doc =
                                "What an acknowledgement means for topics that Kafka's clients create: that"
                                        + " the records are on disk, or in the page cache.",
                        def = "synced")
                Durability durability,
        @Key(
                        doc =
                                "How long a classic group without members waits for more of them when the"
                                        + " first one joins; Kafka's `group.initial.rebalance.delay.ms`.",
                        def = "3s",
                        least = "0s",
                        most = "5m")
                Duration initialRebalanceDelay,
        @Key(doc = "Open connections.", def = "10000", min = 1, max = 1_000_000) int connections,
        @Key(
                        doc = "Time that a connection may stay open without a request.",
                        def = "10m",
                        least = "10ms",
                        most = "24h")
                Duration idleTime,
        @Key(
                        doc =
                                "Time for a request to arrive, and for a client to take something of what"
                                        + " it is sent.",
                        def = "60s",
                        least = "10ms",
                        most = "1h")
                Duration stallTime,
        @Key(doc = "The largest request.", def = "100MiB", least = "1KiB", most = "1GiB")
                ByteSize request,
        @Key(
                        doc =
                                "Requests in memory, at least one of the largest; what is more waits in"
                                        + " the sockets. Divided among the processors.",
                        def = "256MiB")
                ByteSize inFlight) {
    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public KafkaSection {
        ProblemCollector problems = new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
        if (inFlight.compareTo(request) < 0) {
            problems.add("inFlight", "must be at least %s, as `request` is".formatted(request));
        }
        try {
            Context _ = Context.of(below);
        } catch (MillraceException e) {
            problems.add("below", String.valueOf(e.problems().getFirst().detail()));
        }
        try {
            KafkaConfig _ =
                    new KafkaConfig(
                            address,
                            port,
                            advertised(advertisedHost, advertisedPort, address),
                            createTopics,
                            initialRebalanceDelay,
                            KafkaLimits.DEFAULT);
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                problems.add(String.valueOf(problem.field()), problem.detail());
            }
        }
        problems.throwIfAny();
    }

    private static KafkaConfig.@Nullable Advertised advertised(
            @Nullable String host, int port, String address) {
        return host == null && port == 0
                ? null
                : new KafkaConfig.Advertised(host == null ? address : host, port);
    }

    KafkaConfig kafkaConfig() {
        SessionLimits usual = SessionLimits.DEFAULT;
        return new KafkaConfig(
                address,
                port,
                advertised(advertisedHost, advertisedPort, address),
                createTopics,
                initialRebalanceDelay,
                new KafkaLimits(
                        Math.toIntExact(request.bytes()),
                        inFlight.bytes(),
                        connections,
                        idleTime,
                        new SessionLimits(usual.requestsMax(), usual.answerBytesMax(), stallTime)));
    }

    /// What topics are like that say nothing about it.
    TopicSettings topicSettings() {
        return new TopicSettings(
                Context.of(below), partitions, durability, TopicSettings.DEFAULT.producerExpiry());
    }

    KafkaSection withPort(int other) {
        return new KafkaSection(
                enabled,
                address,
                other,
                advertisedHost,
                advertisedPort,
                createTopics,
                partitions,
                below,
                durability,
                initialRebalanceDelay,
                connections,
                idleTime,
                stallTime,
                request,
                inFlight);
    }
}
