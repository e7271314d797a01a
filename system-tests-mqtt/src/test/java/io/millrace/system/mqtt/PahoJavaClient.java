package io.millrace.system.mqtt;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/// Eclipse Paho's client in Java for MQTT 5.0.
record PahoJavaClient(List<MqttClient> clients) implements TestClient {
    private static final long PATIENCE_MILLIS = 30_000;

    PahoJavaClient() {
        this(new ArrayList<>());
    }

    @Override
    public void publish(Endpoint server, List<Message> messages) throws IOException {
        try {
            MqttClient client =
                    connect(
                            server,
                            Session.clean("paho-" + UUID.randomUUID()),
                            new Subscriber(() -> {}));
            for (Message message : messages) {
                publish(client, message);
            }
            client.disconnect();
        } catch (MqttException e) {
            throw new IOException(e);
        }
    }

    /// Its count of what is under way lags behind the acknowledgements that it has waited for.
    private static void publish(MqttClient client, Message message) throws MqttException {
        for (; ; ) {
            try {
                client.publish(message.topic(), packet(message));
                return;
            } catch (MqttException e) {
                if (e.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public Subscriber subscribe(Endpoint server, Session session, int qos, String... filters)
            throws IOException {
        try {
            MqttClient[] client = new MqttClient[1];
            Subscriber[] own = new Subscriber[1];
            Subscriber subscriber =
                    new Subscriber(() -> {
                        client[0].disconnect();
                        // It tells only if another has ended the connection.
                        own[0].closed();
                    });
            own[0] = subscriber;
            client[0] = connect(server, session, subscriber);
            for (String filter : filters) {
                client[0].subscribe(filter, qos);
            }
            return subscriber;
        } catch (MqttException e) {
            throw new IOException(e);
        }
    }

    private MqttClient connect(Endpoint server, Session session, Subscriber subscriber)
            throws MqttException {
        MqttClient client =
                new MqttClient(server.url(), session.clientId(), new MemoryPersistence());
        clients.add(client);
        client.setTimeToWait(PATIENCE_MILLIS);
        client.setCallback(new Callback(subscriber));
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(!session.persistent());
        options.setSessionExpiryInterval(session.persistent() ? Session.EXPIRY_SECONDS : 0);
        Message will = session.will();
        if (will != null) {
            options.setWill(will.topic(), packet(will));
        }
        client.connect(options);
        return client;
    }

    private static MqttMessage packet(Message message) {
        Message.Properties given = message.properties();
        MqttProperties properties = new MqttProperties();
        properties.setContentType(given.contentType());
        properties.setResponseTopic(given.responseTopic());
        properties.setCorrelationData(given.correlation());
        properties.setMessageExpiryInterval(given.expirySeconds());
        properties.setUserProperties(
                given.user().stream()
                        .map(each -> new UserProperty(each.name(), each.value()))
                        .toList());
        return new MqttMessage(message.payload(), message.qos(), message.retain(), properties);
    }

    private record Callback(Subscriber subscriber) implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage packet) {
            MqttProperties given = packet.getProperties();
            List<UserProperty> user = given.getUserProperties();
            subscriber.arrived(
                    new Message(
                            topic,
                            packet.getPayload(),
                            packet.getQos(),
                            packet.isRetained(),
                            new Message.Properties(
                                    given.getContentType(),
                                    given.getResponseTopic(),
                                    given.getCorrelationData(),
                                    given.getMessageExpiryInterval(),
                                    user.stream()
                                            .map(each ->
                                                    new Message.Pair(
                                                            each.getKey(), each.getValue()))
                                            .toList())));
        }

        @Override
        public void disconnected(@Nullable MqttDisconnectResponse response) {
            subscriber.closed();
        }

        @Override
        public void mqttErrorOccurred(MqttException problem) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean again, String server) {}

        @Override
        public void authPacketArrived(int reason, MqttProperties properties) {}
    }

    @Override
    public void close() throws IOException {
        try {
            for (MqttClient client : clients) {
                if (client.isConnected()) {
                    client.disconnectForcibly(0, 0, false);
                }
                client.close(true);
            }
        } catch (MqttException e) {
            throw new IOException(e);
        }
    }
}
