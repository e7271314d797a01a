package io.millrace.system.mqtt;

import java.nio.file.Path;

/// Eclipse Paho for Java, with MQTT 5.0.
final class PahoJavaMqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return new PahoJavaClient();
    }
}
