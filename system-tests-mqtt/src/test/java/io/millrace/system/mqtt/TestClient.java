package io.millrace.system.mqtt;

import java.io.IOException;
import java.util.List;

/// Somebody else's MQTT client, as far as the scenarios need it. None of the clients may connect
/// again by itself. For one thread.
interface TestClient extends AutoCloseable {
    /// Connects with an id of its own, publishes in this order, waits until all of QoS 1 and 2 is
    /// acknowledged, and disconnects.
    void publish(Endpoint server, List<Message> messages) throws IOException, InterruptedException;

    /// Connects and subscribes, and returns when the server has acknowledged both.
    ///
    /// @param qos asked for
    Subscriber subscribe(Endpoint server, Session session, int qos, String... filters)
            throws IOException, InterruptedException;

    /// Ends what it has started. What is connected still is cut off.
    @Override
    void close() throws IOException;
}
