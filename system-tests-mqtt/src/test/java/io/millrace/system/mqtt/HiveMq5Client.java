package io.millrace.system.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// HiveMQ's client in Java with MQTT 5.0.
record HiveMq5Client(List<Mqtt5AsyncClient> clients) implements TestClient {
    HiveMq5Client() {
        this(new ArrayList<>());
    }

    private Mqtt5AsyncClient connect(Endpoint server, Session session, Subscriber subscriber) {
        Mqtt5ClientBuilder builder =
                Mqtt5Client.builder()
                        .identifier(session.clientId())
                        .serverHost(server.host())
                        .serverPort(server.port())
                        .addDisconnectedListener(_ -> subscriber.closed());
        if (server.webSocket()) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        Mqtt5AsyncClient client = builder.buildAsync();
        clients.add(client);
        client.publishes(
                MqttGlobalPublishFilter.ALL, packet -> subscriber.arrived(message(packet)));
        var connecting =
                client.connectWith()
                        .cleanStart(!session.persistent())
                        .sessionExpiryInterval(session.persistent() ? Session.EXPIRY_SECONDS : 0);
        Message will = session.will();
        if (will != null) {
            connecting = connecting.willPublish(packet(will));
        }
        connecting.send().join();
        return client;
    }

    @Override
    public void publish(Endpoint server, List<Message> messages) {
        Session session = Session.clean("hivemq5-" + UUID.randomUUID());
        Mqtt5AsyncClient client = connect(server, session, new Subscriber(() -> {}));
        CompletableFuture.allOf(
                        messages.stream()
                                .map(each -> client.publish(packet(each)))
                                .toArray(CompletableFuture[]::new))
                .join();
        client.disconnect().join();
    }

    @Override
    public Subscriber subscribe(Endpoint server, Session session, int qos, String... filters) {
        CompletableFuture<Mqtt5AsyncClient> connected = new CompletableFuture<>();
        Subscriber subscriber = new Subscriber(() -> connected.join().disconnect().join());
        Mqtt5AsyncClient client = connect(server, session, subscriber);
        connected.complete(client);
        for (String filter : filters) {
            client.subscribeWith().topicFilter(filter).qos(level(qos)).send().join();
        }
        return subscriber;
    }

    private static Mqtt5Publish packet(Message message) {
        Message.Properties given = message.properties();
        List<Mqtt5UserProperty> user =
                given.user().stream()
                        .map(each -> Mqtt5UserProperty.of(each.name(), each.value()))
                        .toList();
        var packet =
                Mqtt5Publish.builder()
                        .topic(message.topic())
                        .payload(message.payload())
                        .qos(level(message.qos()))
                        .retain(message.retain())
                        .contentType(given.contentType())
                        .responseTopic(given.responseTopic())
                        .correlationData(given.correlation())
                        .userProperties()
                        .addAll(user)
                        .applyUserProperties();
        Long expiry = given.expirySeconds();
        return (expiry == null ? packet : packet.messageExpiryInterval(expiry)).build();
    }

    static MqttQos level(int qos) {
        return Objects.requireNonNull(MqttQos.fromCode(qos));
    }

    private static Message message(Mqtt5Publish packet) {
        List<Message.Pair> user = new ArrayList<>();
        for (Mqtt5UserProperty each : packet.getUserProperties().asList()) {
            user.add(new Message.Pair(each.getName().toString(), each.getValue().toString()));
        }
        var expiry = packet.getMessageExpiryInterval();
        return new Message(
                packet.getTopic().toString(),
                packet.getPayloadAsBytes(),
                packet.getQos().getCode(),
                packet.isRetain(),
                new Message.Properties(
                        packet.getContentType().map(Object::toString).orElse(null),
                        packet.getResponseTopic().map(Object::toString).orElse(null),
                        packet.getCorrelationData().map(HiveMq5Client::bytes).orElse(null),
                        expiry.isPresent() ? expiry.getAsLong() : null,
                        user));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        for (Mqtt5AsyncClient client : clients) {
            if (client.getState().isConnectedOrReconnect()) {
                client.disconnect().join();
            }
        }
    }
}
