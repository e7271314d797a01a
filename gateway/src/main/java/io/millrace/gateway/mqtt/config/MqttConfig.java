package io.millrace.gateway.mqtt.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.listener.ListenAddress;
import io.millrace.gateway.mqtt.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;

/// Where MQTT clients are listened to.
///
/// @param address to listen on; only loopback addresses are possible without TLS and authentication
/// @param port to listen on; 0 takes any free one
/// @param loops event loops; 0 for half as many as there are processors
/// @param usual how events go out to clients of MQTT 3.1.1
/// @param limits what clients may use up
public record MqttConfig(
        String address, int port, int loops, MessageFormat usual, MqttLimits limits) {
    private static final int LOOPS_MAX = 64;

    public static final MqttConfig DEFAULT =
            new MqttConfig("127.0.0.1", 1883, 0, MessageFormat.AUTO, MqttLimits.DEFAULT);

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public MqttConfig {
        List<Problem> problems = new ArrayList<>(ListenAddress.problems(address, port));
        if (loops < 0 || loops > LOOPS_MAX) {
            problems.add(
                    new Problem(
                            ErrorCode.CONFIGURATION_INVALID,
                            "loops",
                            "must be 0 to %d, not %d".formatted(LOOPS_MAX, loops)));
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    /// With another port.
    public MqttConfig withPort(int other) {
        return new MqttConfig(address, other, loops, usual, limits);
    }

    /// With another number of event loops.
    public MqttConfig withLoops(int other) {
        return new MqttConfig(address, port, other, usual, limits);
    }

    /// How many event loops there are. A loop also does what shards do with what its clients
    /// publish, and each message that has to go from one loop to another waits for that to wake:
    /// few of them are quicker, many have more room.
    public int loopCount() {
        return loops > 0 ? loops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /// With other limits.
    public MqttConfig withLimits(MqttLimits other) {
        return new MqttConfig(address, port, loops, usual, other);
    }
}
