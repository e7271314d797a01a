package io.millrace.gateway.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Collects what a WebSocket of the JDK's client receives: whole messages, and how it was closed.
final class SocketClient implements WebSocket.Listener {
    private static final int PATIENCE_SECONDS = 20;

    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");
    private static final Pattern CONTROL = Pattern.compile("io\\.millrace\\.socket\\.([a-z]+)");

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;

    /// Opens a socket for CloudEvents in JSON.
    static SocketClient open(HttpClient http, int port, String path) {
        SocketClient client = new SocketClient();
        client.socket =
                http.newWebSocketBuilder()
                        .subprotocols("cloudevents.json")
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + path), client)
                        .join();
        return client;
    }

    WebSocket socket() {
        return Objects.requireNonNull(socket);
    }

    /// Publishes an event with data in JSON.
    SocketClient publish(String id, String data) {
        return send(
                """
                {"specversion":"1.0","id":"%s","source":"/sensors/7","type":"reading","data":%s}\
                """
                        .formatted(id, data));
    }

    /// Grants credit.
    SocketClient grant(int more) {
        return send(
                """
                {"specversion":"1.0","id":"g","source":"/me","type":"io.millrace.socket.credit",
                 "data":%d}\
                """
                        .formatted(more));
    }

    SocketClient send(String text) {
        socket().sendText(text, true).join();
        return this;
    }

    /// Vanishes without a word.
    void abort() {
        socket().abort();
    }

    /// The id of the event in the next message; of a control event its type.
    String nextId() throws InterruptedException {
        String message = next();
        if (message == null) {
            return "nothing";
        }
        Matcher control = CONTROL.matcher(message);
        Matcher id = ID.matcher(message);
        return control.find() ? control.group(1) : id.find() ? id.group(1) : message;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            messages.add(part.toString());
            part.setLength(0);
        }
        socket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        return onText(socket, StandardCharsets.ISO_8859_1.decode(data), last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code + " " + reason);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.complete(error.toString());
    }

    /// The next message; `null` if none comes.
    @Nullable String next() throws InterruptedException {
        return messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// Messages that have arrived and were not taken.
    int waiting() {
        return messages.size();
    }

    /// The code and the reason with which the server closes.
    String closed() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
