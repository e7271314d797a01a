package io.millrace.system.mqtt;

import java.nio.file.Path;

/// HiveMQ's client with MQTT 5.0 over WebSocket.
final class HiveMq5WebSocketMqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return new HiveMq5Client();
    }

    @Override
    Endpoint endpoint(ServerUnderTest server) {
        return server.webSocket();
    }
}
