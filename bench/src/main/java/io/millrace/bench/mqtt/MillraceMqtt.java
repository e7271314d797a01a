package io.millrace.bench.mqtt;

import io.millrace.bench.http.ServerUnderTest;
import io.millrace.bench.queue.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;

/// Millrace as `bin/millrace` starts it. Every publish is in its log: in a synced stream, which is
/// the default, on disk before it is acknowledged.
record MillraceMqtt(ServerUnderTest server, int port) implements MqttSide {
    static MillraceMqtt start(Path folder) throws IOException {
        int port = BrokerProcess.freePort();
        return new MillraceMqtt(ServerUnderTest.millraceMqtt(folder.resolve("data"), port), port);
    }

    @Override
    public String name() {
        return "Millrace";
    }

    @Override
    public void create(String root, boolean synced) throws IOException, InterruptedException {
        server.apply(
                """
                kind: Stream
                name: %1$s
                mount: /%1$s
                durability: %2$s
                """
                        .formatted(root, synced ? "synced" : "buffered"));
    }

    @Override
    public long cpuMillis() {
        return server.cpuMillis();
    }

    @Override
    public long residentMegabytes() throws IOException {
        return server.residentMegabytes();
    }

    @Override
    public void stop() {
        server.close();
    }
}
