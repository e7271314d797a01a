package io.millrace.example.building41;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The bells of the house: Millrace pushes `evacuate` to `POST /evacuate`, and each alarm rings
/// once, however often it is pushed. Answers on a thread of the JDK's server.
final class Webhook implements AutoCloseable {
    private static final int REMEMBERED_MAX = 1000;
    private static final int NO_CONTENT = 204;
    private static final int BAD_REQUEST = 400;

    private final HttpServer server;
    private final PrintStream out;
    private final Set<String> rung =
            Collections.newSetFromMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                            return size() > REMEMBERED_MAX;
                        }
                    });

    /// @param port 0 for any
    /// @throws IOException if something else listens there
    Webhook(int port, PrintStream out) throws IOException {
        this.out = out;
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/evacuate", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer(exchange, body), -1);
        }
    }

    /// A push in the binary mode: attributes are headers, data is the body.
    private int answer(HttpExchange exchange, String body) {
        String id = exchange.getRequestHeaders().getFirst("ce-id");
        String source = exchange.getRequestHeaders().getFirst("ce-source");
        if (id == null || source == null) {
            return BAD_REQUEST;
        }
        try {
            Map<String, Object> data = Json.object(body);
            // Delivery is at least once; source and id tell what was delivered before.
            if (rung.add(source + " " + id)) {
                out.printf(
                        "evacuate: %s in %s%n",
                        Json.textIn(data, "because"), Json.textIn(data, "where"));
            }
            return NO_CONTENT;
        } catch (IllegalArgumentException e) {
            out.println("evacuate: not understood: " + e.getMessage());
            return BAD_REQUEST;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
