package io.millrace.example.building41;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;

/// One connection of a controller, from its CONNECT to its end; afterwards there is another one. It
/// belongs to one thread.
///
/// What is in flight when it breaks is the controller's to send again, so neither side keeps a
/// session.
final class Session implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int KEEP_ALIVE_SECONDS = 20;

    /// So many messages are sent before the first has to be acknowledged.
    private static final int WINDOW_MAX = 64;

    private static final int FIRST_ERROR = 0x80;

    private final MqttAsyncClient client;
    private final String status;
    private final int window;

    /// Connects, and leaves word of what the server has to say should this connection break.
    ///
    /// @param address such as `tcp://127.0.0.1:1883`
    /// @param status the context in which the controller says whether it is there
    Session(String address, String clientId, String status)
            throws MqttException, InterruptedException {
        this.status = MqttBinding.topic(status);
        client = new MqttAsyncClient(address, clientId, new MemoryPersistence());
        try {
            window = connect();
            send(this.status, MqttBinding.status("online"));
        } catch (MqttException | InterruptedException e) {
            abandon();
            throw e;
        }
    }

    private int connect() throws MqttException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        options.setConnectionTimeout((int) ANSWER_MAX.toSeconds());
        MqttMessage will = MqttBinding.status("offline");
        options.setWill(status, will);
        options.setWillMessageProperties(will.getProperties());
        IMqttToken connected = client.connect(options);
        connected.waitForCompletion(ANSWER_MAX.toMillis());
        return Optional.ofNullable(connected.getResponseProperties())
                .map(MqttProperties::getReceiveMaximum)
                .map(most -> Math.clamp(most, 1, WINDOW_MAX))
                .orElse(WINDOW_MAX);
    }

    /// How many messages may be in flight.
    int window() {
        return window;
    }

    boolean isConnected() {
        return client.isConnected();
    }

    /// Publishes all of these, and takes each out that is settled: acknowledged, or refused for
    /// good. What is left in `signals` after a failure was not acknowledged.
    ///
    /// @throws MqttException if the connection broke, or the server cannot take them now
    void publish(Deque<Signal> signals, Settlement settlement)
            throws MqttException, InterruptedException {
        List<IMqttToken> sent = new ArrayList<>();
        for (Signal signal : signals) {
            sent.add(hand(MqttBinding.topic(signal.context()), MqttBinding.message(signal)));
        }
        for (IMqttToken each : sent) {
            each.waitForCompletion(ANSWER_MAX.toMillis());
            int reason = reasonOf(each);
            if (isForNow(reason)) {
                throw new MqttException(reason);
            }
            Signal signal = signals.removeFirst();
            if (reason < FIRST_ERROR) {
                settlement.taken();
            } else {
                settlement.refused(signal, reason);
            }
        }
    }

    /// Who is told what became of a signal.
    interface Settlement {
        void taken();

        /// @param reason of the MQTT specification, section 2.4
        void refused(Signal signal, int reason);
    }

    /// The client counts a message as in flight for a moment after it has told of its
    /// acknowledgement, and then refuses another one.
    private IMqttToken hand(String topic, MqttMessage message)
            throws MqttException, InterruptedException {
        long end = System.nanoTime() + ANSWER_MAX.toNanos();
        while (true) {
            try {
                return client.publish(topic, message);
            } catch (MqttException e) {
                if (e.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT
                        || System.nanoTime() > end) {
                    throw e;
                }
            }
            Thread.sleep(MOMENT);
        }
    }

    /// Says goodbye, so that nobody has to find out.
    void leave() throws MqttException, InterruptedException {
        send(status, MqttBinding.status("offline"));
        client.disconnect().waitForCompletion(ANSWER_MAX.toMillis());
    }

    private void send(String topic, MqttMessage message)
            throws MqttException, InterruptedException {
        hand(topic, message).waitForCompletion(ANSWER_MAX.toMillis());
    }

    /// The reason in the PUBACK: the token's own reason codes are of other packets.
    private static int reasonOf(IMqttToken token) {
        return token.getResponse() instanceof MqttPubAck answer ? answer.getReturnCode() : 0;
    }

    /// Whether the same message may be taken later.
    private static boolean isForNow(int reason) {
        return reason == MqttReturnCode.RETURN_CODE_UNSPECIFIED_ERROR
                || reason == MqttReturnCode.RETURN_CODE_IMPLEMENTATION_SPECIFIC_ERROR
                || reason == MqttReturnCode.RETURN_CODE_QUOTA_EXCEEDED;
    }

    @Override
    public void close() {
        abandon();
    }

    private void abandon() {
        try {
            client.disconnectForcibly(0, 0, false);
        } catch (MqttException _) {
            // It is not connected any more.
        }
        try {
            client.close(true);
        } catch (MqttException _) {
            // It is closed already.
        }
    }
}
