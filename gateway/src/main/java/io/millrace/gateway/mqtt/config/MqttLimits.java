package io.millrace.gateway.mqtt.config;

import java.time.Duration;

/// What MQTT clients may use up.
///
/// @param connectionsMax open connections
/// @param packetBytesMax the largest packet that is taken
/// @param inflightMax messages with QoS 1 or 2 that may be under way to a client, and from it
/// @param subscriptionsMax of one session
/// @param aliasesMax topic aliases of one connection, in each direction
/// @param publishRate messages a second that one client may publish for long; more wait in its
///   socket; 0 for any number
/// @param sessionMax how long a session may outlive its connection
/// @param sessionsMax sessions that are kept without a connection
/// @param keepAliveMax how long a client may be silent, whatever it asks for; zero for as long as
///   it says
/// @param connectMax how long a connection may stay open without a CONNECT
/// @param outputBytesMax bytes that may wait for one socket; a client is behind then
public record MqttLimits(
        int connectionsMax,
        int packetBytesMax,
        int inflightMax,
        int subscriptionsMax,
        int aliasesMax,
        int publishRate,
        Duration sessionMax,
        int sessionsMax,
        Duration keepAliveMax,
        Duration connectMax,
        int outputBytesMax) {
    public static final MqttLimits DEFAULT =
            new MqttLimits(
                    100_000,
                    1 << 20,
                    1_000,
                    1_000,
                    100,
                    0,
                    Duration.ofDays(30),
                    1_000_000,
                    Duration.ZERO,
                    Duration.ofSeconds(10),
                    256 << 10);
}
