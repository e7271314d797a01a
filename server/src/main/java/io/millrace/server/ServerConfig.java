package io.millrace.server;

import io.millrace.broker.BrokerConfig;
import io.millrace.config.ByteSize;
import io.millrace.config.Key;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.router.TailConfig;
import io.millrace.shard.ShardConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The configuration file of a server; every key has a default, so that no file is needed.
public record ServerConfig(
        @Key(doc = "Folder of all data; one server at a time uses it.", def = ".data") Path data,
        @Key(doc = "The HTTP API.") Http http,
        @Key(doc = "Bounds of the broker.") Bounds bounds) {

    /// Where and how the HTTP API listens.
    public record Http(
            @Key(
                            doc =
                                    "Address to listen on: a loopback address, as long as there is no TLS "
                                            + "and no authentication.",
                            def = "127.0.0.1")
                    String address,
            @Key(doc = "Port to listen on; 0 takes any free one.", def = "8080", max = 65_535)
                    int port,
            @Key(
                            doc =
                                    "Further names by which clients may call the server, as in their `Host` header;"
                                            + " those of the loopback address always work.")
                    List<String> hosts,
            @Key(doc = "Open connections.", def = "10000", min = 1, max = 1_000_000)
                    int connections,
            @Key(doc = "Time for a request to arrive, headers and body each.", def = "30s")
                    Duration requestTime,
            @Key(doc = "Time that a connection may stay open without a request.", def = "60s")
                    Duration idleTime,
            @Key(doc = "Reads of history at the same time.", def = "1000", min = 1, max = 1_000_000)
                    int reads,
            @Key(
                            doc = "Contexts followed at the same time.",
                            def = "1000",
                            min = 1,
                            max = 1_000_000)
                    int tails) {}

    /// What may pass at once.
    public record Bounds(
            @Key(doc = "Size of one event with all its attributes.", def = "1MiB") ByteSize event,
            @Key(doc = "Size of a batch of events in one request.", def = "8MiB") ByteSize batch,
            @Key(doc = "Events in one batch.", def = "10000", min = 1, max = 1_000_000)
                    int batchEvents,
            @Key(
                            doc =
                                    "Request bodies in memory, over all connections; what is more waits in "
                                            + "the sockets.",
                            def = "128MiB")
                    ByteSize inFlight,
            @Key(
                            doc =
                                    "Events that wait to be written, for each shard; beyond, publishers "
                                            + "are told to slow down.",
                            def = "64MiB")
                    ByteSize unwritten,
            @Key(
                            doc = "Live events that may wait for one slow reader.",
                            def = "16384",
                            min = 1,
                            max = 10_000_000)
                    int tailEvents,
            @Key(doc = "Data of live events that may wait for one slow reader.", def = "16MiB")
                    ByteSize tailBytes,
            @Key(
                            doc = "Contexts whose activity is remembered.",
                            def = "250000",
                            min = 1,
                            max = 50_000_000)
                    int contexts) {}

    HttpConfig httpConfig() {
        HttpLimits limits =
                new HttpLimits(
                        bytes(bounds.event),
                        bytes(bounds.batch),
                        bounds.batchEvents,
                        bounds.inFlight.bytes(),
                        http.connections,
                        http.requestTime,
                        http.idleTime,
                        http.reads,
                        http.tails);
        return new HttpConfig(http.address, http.port, http.hosts, limits);
    }

    BrokerConfig brokerConfig(int processors) {
        return new BrokerConfig(
                Math.max(1, processors / 4),
                new ShardConfig(bounds.unwritten.bytes(), ShardConfig.DEFAULT.batchBytesMax()),
                new TailConfig(
                        bounds.tailEvents,
                        bounds.tailBytes.bytes(),
                        TailConfig.DEFAULT.partitionsMax()),
                bytes(bounds.event),
                bounds.contexts);
    }

    private static int bytes(ByteSize size) {
        return Math.clamp(size.bytes(), 0, Integer.MAX_VALUE);
    }

    /// With what was said on the command line in place of what the file says.
    ServerConfig with(ServerOptions options) {
        int port = options.port() == null ? http.port : options.port();
        Http changed =
                new Http(
                        http.address,
                        port,
                        http.hosts,
                        http.connections,
                        http.requestTime,
                        http.idleTime,
                        http.reads,
                        http.tails);
        return new ServerConfig(options.data() == null ? data : options.data(), changed, bounds);
    }
}
