package io.millrace.gateway.mqtt.config;

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
/// @param usual how events go out to clients of MQTT 3.1.1
/// @param limits what clients may use up
public record MqttConfig(String address, int port, MessageFormat usual, MqttLimits limits) {
    public static final MqttConfig DEFAULT =
            new MqttConfig("127.0.0.1", 1883, MessageFormat.AUTO, MqttLimits.DEFAULT);

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public MqttConfig {
        List<Problem> problems = new ArrayList<>(ListenAddress.problems(address, port));
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    /// With another port.
    public MqttConfig withPort(int other) {
        return new MqttConfig(address, other, usual, limits);
    }

    /// With other limits.
    public MqttConfig withLimits(MqttLimits other) {
        return new MqttConfig(address, port, usual, other);
    }
}
