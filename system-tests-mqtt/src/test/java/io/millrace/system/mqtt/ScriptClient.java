package io.millrace.system.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A client of another language in one process, driven by lines of JSON. A request has an `id` and
/// what to `do`: `publish`, `subscribe` or `leave`; its answer has the `id`, and an `error` if it
/// failed. What arrives has the `name` of the subscriber, and `message` or `closed`.
final class ScriptClient implements TestClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long PATIENCE_SECONDS = 40;

    private final Process process;
    private final Writer input;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, Subscriber> subscribers = new ConcurrentHashMap<>();
    private int requests;

    private ScriptClient(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    static ScriptClient start(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        ScriptClient client = new ScriptClient(process);
        Thread.ofVirtual().start(client::listen);
        return client;
    }

    private void listen() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().map(JSON::readTree).forEach(this::hear);
        } catch (IOException | UncheckedIOException _) {
            // It was ended.
        }
        asked.values().forEach(each -> each.completeExceptionally(new IOException("it ended")));
    }

    private void hear(JsonNode line) {
        if (line.has("id")) {
            CompletableFuture<JsonNode> answer = asked.remove(line.path("id").asInt());
            if (answer != null) {
                answer.complete(line);
            }
            return;
        }
        Subscriber subscriber = subscribers.get(line.path("name").asString());
        if (subscriber == null) {
            return;
        }
        if (line.has("message")) {
            subscriber.arrived(message(line.path("message")));
        } else {
            subscriber.closed();
        }
    }

    @Override
    public void publish(Endpoint server, List<Message> messages)
            throws IOException, InterruptedException {
        ObjectNode request = request("publish", server);
        request.put("clientId", "script-" + process.pid() + "-" + requests);
        ArrayNode array = request.putArray("messages");
        messages.forEach(each -> array.add(document(each)));
        ask(request);
    }

    @Override
    public Subscriber subscribe(Endpoint server, Session session, int qos, String... filters)
            throws IOException, InterruptedException {
        ObjectNode request = request("subscribe", server);
        String name = "subscriber-" + requests;
        Subscriber subscriber =
                new Subscriber(() -> ask(request("leave", server).put("name", name)));
        subscribers.put(name, subscriber);
        request.put("name", name)
                .put("clientId", session.clientId())
                .put("persistent", session.persistent())
                .put("qos", qos);
        ArrayNode array = request.putArray("filters");
        List.of(filters).forEach(array::add);
        if (session.will() != null) {
            request.set("will", document(session.will()));
        }
        ask(request);
        return subscriber;
    }

    private ObjectNode request(String what, Endpoint server) {
        ObjectNode request = JSON.createObjectNode().put("id", ++requests).put("do", what);
        request.putObject("server")
                .put("host", server.host())
                .put("port", server.port())
                .put("webSocket", server.webSocket());
        return request;
    }

    private void ask(ObjectNode request) throws IOException, InterruptedException {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(request.path("id").asInt(), answer);
        input.write(request + "\n");
        input.flush();
        try {
            JsonNode said = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (said.has("error")) {
                throw new AssertionError(said.path("error").asString());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer to " + request.path("do"), e);
        }
    }

    private static ObjectNode document(Message message) {
        Message.Properties given = message.properties();
        ObjectNode document =
                JSON.createObjectNode()
                        .put("topic", message.topic())
                        .put("payload", Base64.getEncoder().encodeToString(message.payload()))
                        .put("qos", message.qos())
                        .put("retain", message.retain());
        put(document, "contentType", given.contentType());
        put(document, "responseTopic", given.responseTopic());
        byte[] correlation = given.correlation();
        put(
                document,
                "correlation",
                correlation == null ? null : Base64.getEncoder().encodeToString(correlation));
        if (given.expirySeconds() != null) {
            document.put("expirySeconds", given.expirySeconds());
        }
        ArrayNode user = document.putArray("user");
        given.user().forEach(each -> user.addArray().add(each.name()).add(each.value()));
        return document;
    }

    private static void put(ObjectNode document, String name, @Nullable String text) {
        if (text != null) {
            document.put(name, text);
        }
    }

    private static Message message(JsonNode document) {
        List<Message.Pair> user = new ArrayList<>();
        for (JsonNode each : document.path("user")) {
            user.add(new Message.Pair(each.path(0).asString(), each.path(1).asString()));
        }
        JsonNode expiry = document.path("expirySeconds");
        String correlation = text(document, "correlation");
        Message.Properties properties =
                new Message.Properties(
                        text(document, "contentType"),
                        text(document, "responseTopic"),
                        correlation == null ? null : Base64.getDecoder().decode(correlation),
                        expiry.isNumber() ? expiry.asLong() : null,
                        user);
        return new Message(
                document.path("topic").asString(),
                Base64.getDecoder().decode(document.path("payload").asString()),
                document.path("qos").asInt(),
                document.path("retain").asBoolean(),
                properties);
    }

    private static @Nullable String text(JsonNode document, String name) {
        JsonNode text = document.path(name);
        return text.isString() ? text.asString() : null;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
