package io.millrace.system.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// HiveMQ's client in Java with MQTT 3.1.1.
record HiveMq3Client(List<Mqtt3AsyncClient> clients) implements TestClient {
    HiveMq3Client() {
        this(new ArrayList<>());
    }

    private Mqtt3AsyncClient connect(Endpoint server, Session session, Subscriber subscriber) {
        Mqtt3ClientBuilder builder =
                Mqtt3Client.builder()
                        .identifier(session.clientId())
                        .serverHost(server.host())
                        .serverPort(server.port())
                        .addDisconnectedListener(_ -> subscriber.closed());
        if (server.webSocket()) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        Message will = session.will();
        if (will != null) {
            builder = builder.willPublish(packet(will));
        }
        Mqtt3AsyncClient client = builder.buildAsync();
        clients.add(client);
        client.publishes(
                MqttGlobalPublishFilter.ALL, packet -> subscriber.arrived(message(packet)));
        client.connectWith().cleanSession(!session.persistent()).send().join();
        return client;
    }

    @Override
    public void publish(Endpoint server, List<Message> messages) {
        Session session = Session.clean("hivemq3-" + UUID.randomUUID());
        Mqtt3AsyncClient client = connect(server, session, new Subscriber(() -> {}));
        CompletableFuture.allOf(
                        messages.stream()
                                .map(each -> client.publish(packet(each)))
                                .toArray(CompletableFuture[]::new))
                .join();
        client.disconnect().join();
    }

    @Override
    public Subscriber subscribe(Endpoint server, Session session, int qos, String... filters) {
        CompletableFuture<Mqtt3AsyncClient> connected = new CompletableFuture<>();
        Subscriber subscriber = new Subscriber(() -> connected.join().disconnect().join());
        Mqtt3AsyncClient client = connect(server, session, subscriber);
        connected.complete(client);
        for (String filter : filters) {
            client.subscribeWith().topicFilter(filter).qos(HiveMq5Client.level(qos)).send().join();
        }
        return subscriber;
    }

    private static Mqtt3Publish packet(Message message) {
        return Mqtt3Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(HiveMq5Client.level(message.qos()))
                .retain(message.retain())
                .build();
    }

    private static Message message(Mqtt3Publish packet) {
        return new Message(
                packet.getTopic().toString(),
                packet.getPayloadAsBytes(),
                packet.getQos().getCode(),
                packet.isRetain(),
                Message.Properties.NONE);
    }

    @Override
    public void close() {
        for (Mqtt3AsyncClient client : clients) {
            if (client.getState().isConnectedOrReconnect()) {
                client.disconnect().join();
            }
        }
    }
}
