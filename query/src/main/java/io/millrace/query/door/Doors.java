package io.millrace.query.door;

import io.millrace.broker.query.QueryGround;
import io.millrace.query.remote.RemoteServer;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The brokers by the names of their engines, or by their addresses if they are elsewhere.
///
/// Flink makes operators from bytes, also within one process, so they cannot be given a broker by
/// their constructors. This is the one piece of static state of the room: they carry a name, and
/// look up what it stands for.
public final class Doors {
    private static final String WEB = "http";
    private static final Map<String, QueryGround> OPEN = new ConcurrentHashMap<>();

    private Doors() {}

    public static void open(String name, QueryGround ground) {
        OPEN.put(name, ground);
    }

    public static void close(String name) {
        OPEN.remove(name);
    }

    /// @param name of an engine of this process; or the address of a server, for a query that runs
    ///   elsewhere
    /// @throws IllegalStateException if the engine has been closed
    public static QueryGround of(String name) {
        QueryGround ground =
                name.startsWith(WEB)
                        ? OPEN.computeIfAbsent(name, at -> RemoteServer.at(URI.create(at)))
                        : OPEN.get(name);
        if (ground == null) {
            throw new IllegalStateException("the query engine " + name + " is closed");
        }
        return ground;
    }
}
