package io.millrace.example.stadium;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What the programs have in common: a small HTTP server on the loopback address.
final class HttpProgram implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param path from `/` on
    record Request(String method, String path, Map<String, String> headers, String body) {
        /// What stands behind a prefix of the path.
        String after(String prefix) {
            return path.substring(prefix.length());
        }
    }

    /// @param headers besides the usual ones
    record Answer(int status, String text, Map<String, String> headers) {
        static Answer of(int status, String text) {
            return new Answer(status, text, Map.of());
        }
    }

    /// Answers requests, on several threads.
    interface Handler {
        Answer answer(Request request);
    }

    /// @param port 0 for any
    HttpProgram(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port, e);
        }
        server.setExecutor(threads);
    }

    /// Says who answers what begins with a path.
    HttpProgram on(String path, Handler handler) {
        server.createContext(path, exchange -> handle(exchange, handler));
        return this;
    }

    /// Begins to listen.
    HttpProgram start() {
        server.start();
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void handle(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange, handler);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private static Answer answer(HttpExchange exchange, Handler handler) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name, values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        try {
            return handler.answer(new Request(exchange.getRequestMethod(), path, headers, body));
        } catch (IllegalArgumentException e) {
            return Answer.of(400, e.getMessage() + "\n");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
