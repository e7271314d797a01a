package io.millrace.gateway.kafka.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.listener.ListenAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where Kafka's clients are listened to.
///
/// @param address to listen on; only loopback addresses are possible without TLS and authentication
/// @param port to listen on; 0 takes any free one
/// @param advertised where clients are told that the broker is; `null` for the address and port
///   that are listened on
/// @param createsTopics whether a topic that a client asks for is created
/// @param initialRebalanceDelay how long a classic group without members waits for more of them
///   when the first one joins
/// @param limits what clients may use up
public record KafkaConfig(
        String address,
        int port,
        @Nullable Advertised advertised,
        boolean createsTopics,
        Duration initialRebalanceDelay,
        KafkaLimits limits) {
    public static final KafkaConfig DEFAULT =
            new KafkaConfig(
                    "127.0.0.1",
                    9092,
                    null,
                    true,
                    GroupConfig.standard().times().initialRebalanceDelay(),
                    KafkaLimits.DEFAULT);

    private static final int PORT_MAX = 65_535;

    /// Where clients reach the broker, as through a proxy.
    ///
    /// @param port 0 for the port that is listened on
    public record Advertised(String host, int port) {}

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public KafkaConfig {
        List<Problem> problems = new ArrayList<>(ListenAddress.problems(address, port));
        if (advertised != null) {
            String host = advertised.host();
            if (host.isEmpty() || host.contains("/") || host.contains(" ")) {
                problems.add(
                        problem("advertisedHost", "\"" + host + "\" is no host name or address"));
            }
            if (advertised.port() < 0 || advertised.port() > PORT_MAX) {
                problems.add(
                        problem(
                                "advertisedPort",
                                "must be 0 to 65535, but is " + advertised.port()));
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    /// With another port.
    public KafkaConfig withPort(int port) {
        return new KafkaConfig(
                address, port, advertised, createsTopics, initialRebalanceDelay, limits);
    }

    /// With other limits.
    public KafkaConfig withLimits(KafkaLimits limits) {
        return new KafkaConfig(
                address, port, advertised, createsTopics, initialRebalanceDelay, limits);
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.CONFIGURATION_INVALID, field, detail);
    }
}
