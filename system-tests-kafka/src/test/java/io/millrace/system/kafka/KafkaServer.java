package io.millrace.system.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;

/// A server that speaks Kafka, as a process of its own, on a port that stays the same when it is
/// killed and started again. For one thread.
///
/// `-Dkafka.server=apache` takes Apache Kafka instead of Millrace: what passes there is a promise
/// that Kafka's users know, and not a mistake of the test.
interface KafkaServer extends AutoCloseable {
    /// Which server the tests run against: `millrace` or `apache`.
    static String kind() {
        return System.getProperty("kafka.server", "millrace");
    }

    static boolean isMillrace() {
        return kind().equals("millrace");
    }

    /// Starts a server over a folder and waits until it is ready.
    static KafkaServer start(Path data) throws IOException, InterruptedException {
        return switch (kind()) {
            case "millrace" -> MillraceServer.start(data);
            case "apache" -> ApacheServer.start(data);
            case String other -> throw new IllegalArgumentException("kafka.server is " + other);
        };
    }

    /// Where clients begin, as `127.0.0.1:4711`.
    String bootstrap();

    /// Where HTTP is served. Millrace only.
    URI http();

    /// Kills it as `kill -9` does, and starts it again.
    void crash() throws IOException, InterruptedException;

    /// Kills it as `kill -9` does.
    void kill() throws InterruptedException;

    /// Starts it again after [#kill].
    void restart() throws IOException, InterruptedException;

    @Override
    void close();

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
