package io.millrace.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server that answers as a test tells it, and remembers what it was asked.
///
/// The answers that were queued for a path come first, one a request; then its standing answer.
final class FakeServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Route> routes = new CopyOnWriteArrayList<>();

    private record Route(String path, Handler standing, Queue<Handler> queued) {}

    record Request(
            String method, String path, String query, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Answers a request, whose body has been read.
    interface Handler {
        void answer(Request request, HttpExchange exchange) throws IOException;
    }

    FakeServer() {
        this(0);
    }

    FakeServer(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    Request lastRequest() {
        return requests.getLast();
    }

    /// What is answered to requests whose path begins so, if no longer one fits; it takes the place
    /// of an earlier one.
    FakeServer on(String path, Handler handler) {
        routes.removeIf(route -> route.path().equals(path));
        routes.add(new Route(path, handler, new ConcurrentLinkedQueue<>()));
        return this;
    }

    /// What is answered once, before the standing answer.
    FakeServer once(String path, Handler handler) {
        routes.stream()
                .filter(route -> route.path().equals(path))
                .forEach(route -> route.queued().add(handler));
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            headers.put(
                                    name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            Request request =
                    new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            String.valueOf(exchange.getRequestURI().getRawQuery()),
                            headers,
                            exchange.getRequestBody().readAllBytes());
            requests.add(request);
            handler(request.path()).answer(request, exchange);
        } finally {
            exchange.close();
        }
    }

    private Handler handler(String path) {
        Optional<Route> longest =
                routes.stream()
                        .filter(route -> path.startsWith(route.path()))
                        .max(Comparator.comparingInt(route -> route.path().length()));
        if (longest.isPresent()) {
            Handler next = longest.get().queued().poll();
            return next == null ? longest.get().standing() : next;
        }
        return json(404, "{\"title\":\"nothing here\",\"status\":404}");
    }

    static Handler json(int status, String body) {
        return answer(status, "application/json", body, Map.of());
    }

    static Handler problem(int status, String body, Map<String, String> headers) {
        return answer(status, "application/problem+json", body, headers);
    }

    static Handler answer(int status, String type, String body, Map<String, String> headers) {
        return (_, exchange) -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            headers.forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /// Server-sent events, after which the connection ends.
    static Handler events(String... chunks) {
        return (_, exchange) -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            for (String chunk : chunks) {
                exchange.getResponseBody().write(chunk.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
