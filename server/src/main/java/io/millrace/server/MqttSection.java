package io.millrace.server;

import io.millrace.config.ByteSize;
import io.millrace.config.Key;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.mqtt.config.MqttConfig;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.message.MessageFormat;
import java.time.Duration;

/// Where and how MQTT clients are listened to; a part of the [ServerConfig].
public record MqttSection(
        @Key(
                        doc =
                                "Whether MQTT clients are listened to at all, over TCP and over WebSocket"
                                        + " on the HTTP port.",
                        def = "true")
                boolean enabled,
        @Key(
                        doc =
                                "Address to listen on: a loopback address, as long as there is no TLS "
                                        + "and no authentication.",
                        def = "127.0.0.1")
                String address,
        @Key(doc = "Port to listen on; 0 takes any free one.", def = "1883", max = 65_535) int port,
        @Key(
                        doc =
                                "Event loops (threads) for clients over TCP; 0 for half as many as there"
                                        + " are processors. More of them take more messages, and each"
                                        + " message takes longer.",
                        def = "0",
                        min = 0,
                        max = 64)
                int loops,
        @Key(
                        doc =
                                "How events go out to clients of MQTT 3.1.1 that were not published as"
                                        + " plain messages: whole in the JSON format (structured), or"
                                        + " their data alone (raw).",
                        def = "structured")
                Format31 format31,
        @Key(doc = "Open connections.", def = "100000", min = 1, max = 1_000_000) int connections,
        @Key(doc = "The largest packet.", def = "1MiB", least = "1KiB", most = "64MiB")
                ByteSize packet,
        @Key(
                        doc =
                                "Messages with QoS 1 or 2 that may be under way to one client, and from"
                                        + " it.",
                        def = "1000",
                        min = 1,
                        max = 65_535)
                int inflight,
        @Key(doc = "Subscriptions of one session.", def = "1000", min = 1, max = 1_000_000)
                int subscriptions,
        @Key(
                        doc = "Topic aliases of one connection, in each direction.",
                        def = "100",
                        min = 0,
                        max = 65_535)
                int topicAliases,
        @Key(
                        doc =
                                "Messages a second that one client may publish for long; what is more"
                                        + " waits in its socket. 0 for any number.",
                        def = "0",
                        min = 0,
                        max = 10_000_000)
                int publishRate,
        @Key(
                        doc = "How long a session may outlive its connection.",
                        def = "30d",
                        least = "1s",
                        most = "3650d")
                Duration sessionTime,
        @Key(
                        doc = "Sessions that are kept without a connection; the oldest go first.",
                        def = "1000000",
                        min = 1,
                        max = 100_000_000)
                int sessions,
        @Key(
                        doc =
                                "How long a client may be silent, whatever it asks for; 0 for as long as"
                                        + " it says.",
                        def = "0s",
                        least = "0s",
                        most = "18h")
                Duration keepAlive,
        @Key(
                        doc = "Time for a new connection to say who it is.",
                        def = "10s",
                        least = "10ms",
                        most = "1h")
                Duration connectTime,
        @Key(
                        doc =
                                "Bytes that may wait for one socket; more is read again from the log.",
                        def = "256KiB",
                        least = "4KiB",
                        most = "64MiB")
                ByteSize output) {
    /// How events go out to clients of MQTT 3.1.1.
    public enum Format31 {
        STRUCTURED,
        RAW
    }

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public MqttSection {
        ProblemCollector problems = new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
        try {
            MqttConfig _ =
                    new MqttConfig(address, port, loops, MessageFormat.AUTO, MqttLimits.DEFAULT);
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                problems.add(String.valueOf(problem.field()), problem.detail());
            }
        }
        problems.throwIfAny();
    }

    MqttConfig mqttConfig() {
        MessageFormat usual =
                switch (format31) {
                    case STRUCTURED -> MessageFormat.AUTO;
                    case RAW -> MessageFormat.RAW;
                };
        return new MqttConfig(
                address,
                port,
                loops,
                usual,
                new MqttLimits(
                        connections,
                        Math.toIntExact(packet.bytes()),
                        inflight,
                        subscriptions,
                        topicAliases,
                        publishRate,
                        sessionTime,
                        sessions,
                        keepAlive,
                        connectTime,
                        Math.toIntExact(output.bytes())));
    }

    MqttSection withPort(int other) {
        return new MqttSection(
                enabled,
                address,
                other,
                loops,
                format31,
                connections,
                packet,
                inflight,
                subscriptions,
                topicAliases,
                publishRate,
                sessionTime,
                sessions,
                keepAlive,
                connectTime,
                output);
    }
}
