package io.millrace.gateway.mqtt.connection;

import io.millrace.gateway.listener.SocketHandler;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;

/// Takes over WebSockets that want to speak MQTT. Thread-safe.
public final class WebSockets implements SocketHandler {
    private static final int FRAME_OVERHEAD = 16;

    private final MqttService service;

    public WebSockets(MqttService service) {
        this.service = service;
    }

    @Override
    public void opened(ServerWebSocket socket) {
        opened(socket, () -> {});
    }

    @Override
    public void opened(ServerWebSocket socket, Runnable cut) {
        if (Vertx.currentContext() instanceof ContextInternal context) {
            EventLoop thread = context.nettyEventLoop();
            new WebSocketConnection(socket, service, thread, cut).open();
        } else {
            var _ = socket.close();
        }
    }

    @Override
    public int frameBytesMax() {
        return service.packetBytesMax() + FRAME_OVERHEAD;
    }
}
