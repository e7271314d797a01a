package io.millrace.example.building41;

import java.net.URI;

/// How the sensors' signals reach the server.
public sealed interface Way {
    /// In batches of HTTP requests from one place.
    ///
    /// @param server its address
    record Http(URI server) implements Way {
        @Override
        public String toString() {
            return server.toString();
        }
    }

    /// Over the connections of the building's controllers.
    ///
    /// @param host the server's name or address
    /// @param port where it listens for MQTT
    /// @param wiring what has a controller of its own
    record Mqtt(String host, int port, Wiring wiring) implements Way {
        @Override
        public String toString() {
            String name = host.contains(":") ? "[" + host + "]" : host;
            return "mqtt://" + name + ":" + port;
        }
    }
}
