package io.millrace.system.mqtt;

import java.nio.file.Path;

/// Eclipse Paho for Java over WebSocket.
final class PahoJavaWebSocketMqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return new PahoJavaClient();
    }

    @Override
    Endpoint endpoint(ServerUnderTest server) {
        return server.webSocket();
    }
}
