package io.millrace.system.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The commands of mosquitto with MQTT 5.0.
final class Mosquitto5MqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return Installed.mosquitto(5, folder);
    }

    /// With 5.0 this client says good-bye with the reason 0x04: its will is wanted.
    @Test
    @Override
    void whoSaysGoodByeHasNoWill() throws Exception {
        Message farewell = Message.of(topic("will"), "farewell");
        try (Subscriber heir = subscribe(clean("heir"), topic("will"))) {
            subscribe(new Session(topic("mortal"), false, farewell), topic("other")).leave();
            assertThat(heir.take().text()).isEqualTo("farewell");
        }
    }
}
