package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.stream.StoredEvent;
import io.netty.handler.codec.mqtt.MqttMessage;

/// What a session does to its connection. On the connection's event loop.
public interface Outlet {
    /// Sends a packet that is no PUBLISH.
    void send(MqttMessage packet);

    /// Sends an event.
    ///
    /// @return whether it went out; not if it has expired, has no topic, or is larger than the
    ///   client takes
    boolean publish(StoredEvent event, Delivery delivery);

    /// An event with QoS 0 is not sent, as too much waits for the client already.
    void dropped();

    /// Whether more may be sent without holding much in memory.
    boolean isWritable();

    /// Reads no more from the client until [#resume].
    void pause();

    void resume();

    /// Closes the connection once everything is sent that was given to [#send].
    void close();

    /// How one PUBLISH goes out. One object serves all that a subscriber is sent.
    final class Delivery {
        int qos;
        boolean isRetained;
        boolean isDuplicate;
        int identifier;
        MessageFormat format = MessageFormat.AUTO;
        int[] subscriptions = new int[4];
        int subscriptionCount;

        public int qos() {
            return qos;
        }

        public boolean isRetained() {
            return isRetained;
        }

        public boolean isDuplicate() {
            return isDuplicate;
        }

        /// The packet identifier; 0 with QoS 0.
        public int identifier() {
            return identifier;
        }

        public MessageFormat format() {
            return format;
        }

        /// Identifiers of the subscriptions that it matched; the first [#subscriptionCount] count.
        public int[] subscriptions() {
            return subscriptions;
        }

        public int subscriptionCount() {
            return subscriptionCount;
        }

        Delivery copy() {
            Delivery own = new Delivery();
            own.qos = qos;
            own.isRetained = isRetained;
            own.isDuplicate = isDuplicate;
            own.format = format;
            own.subscriptions = subscriptions.clone();
            own.subscriptionCount = subscriptionCount;
            return own;
        }

        void addSubscription(int subscription) {
            if (subscriptionCount == subscriptions.length) {
                subscriptions = java.util.Arrays.copyOf(subscriptions, 2 * subscriptionCount);
            }
            subscriptions[subscriptionCount++] = subscription;
        }
    }
}
