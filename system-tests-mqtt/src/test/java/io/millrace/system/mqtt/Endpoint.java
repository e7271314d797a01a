package io.millrace.system.mqtt;

/// Where a client connects to.
///
/// @param webSocket whether by WebSocket at the path `/mqtt`, or by plain TCP
record Endpoint(String host, int port, boolean webSocket) {
    /// @param text as `127.0.0.1:1883`
    static Endpoint parse(String text, boolean webSocket) {
        int colon = text.lastIndexOf(':');
        return new Endpoint(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), webSocket);
    }

    String url() {
        return webSocket
                ? "ws://%s:%d/mqtt".formatted(host, port)
                : "tcp://%s:%d".formatted(host, port);
    }
}
