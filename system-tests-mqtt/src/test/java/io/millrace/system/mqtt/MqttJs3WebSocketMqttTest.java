package io.millrace.system.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/// MQTT.js with MQTT 3.1.1 over WebSocket, as in a browser.
final class MqttJs3WebSocketMqttTest extends MqttClientContract {
    @Override
    TestClient client(Path folder) throws IOException {
        return Installed.mqttJs(3);
    }

    @Override
    Endpoint endpoint(ServerUnderTest server) {
        return server.webSocket();
    }
}
