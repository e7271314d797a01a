package io.millrace.example.stadium;

import io.millrace.example.stadium.HttpProgram.Answer;
import io.millrace.example.stadium.HttpProgram.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// As much of Millrace as the stadium needs, in memory: what is published goes to the queue, to the
/// pull subscription and to the hooks, twice each, since at least once is what is promised.
/// Settling is not forgiving: what is not settled is given out again at once. Thread-safe.
final class FakeMillrace implements AutoCloseable {
    private static final long LEASE_NANOS = 1_000_000_000;
    private static final int GIVEN_MAX = 5;
    private static final long WAIT_NANOS = 100_000_000;

    private final HttpProgram http;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> published = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private final Map<String, Deque<String>> waiting =
            Map.of("arena-access", new ArrayDeque<>(), "arena-reporting", new ArrayDeque<>());
    private final Map<String, Given> leases = new LinkedHashMap<>();
    private int tokens;
    private List<String> hooks = List.of();
    private String applied = "";
    private int refusals;

    private record Given(String name, String event, long endNanos) {}

    FakeMillrace() {
        http =
                new HttpProgram(0)
                        .on("/events", this::publish)
                        .on("/queues/", this::give)
                        .on("/subscriptions/", this::give)
                        .on("/api/v1/apply", this::apply)
                        .on("/api/v1/ledger", _ -> Answer.of(200, "{\"items\":[]}"))
                        .start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.port());
    }

    /// Pushes in binary mode to the first and in structured mode to the second.
    synchronized void hooks(String... urls) {
        hooks = List.of(urls);
    }

    /// Refuses so many batches, after having stored them.
    synchronized void refuse(int batches) {
        refusals = batches;
    }

    synchronized List<String> published() {
        return List.copyOf(published);
    }

    synchronized List<String> rejected() {
        return List.copyOf(rejected);
    }

    synchronized String applied() {
        return applied;
    }

    synchronized int left() {
        return waiting.values().stream().mapToInt(Deque::size).sum() + leases.size();
    }

    /// Puts something into a queue or subscription.
    synchronized void put(String name, String event) {
        queue(name).add(event);
        notifyAll();
    }

    private Deque<String> queue(String name) {
        return Objects.requireNonNull(waiting.get(name), name);
    }

    private synchronized Answer apply(Request request) {
        applied = request.body();
        hooks =
                applied.lines()
                        .filter(line -> line.strip().startsWith("url: "))
                        .map(line -> line.strip().substring(5))
                        .toList();
        return Answer.of(200, "{\"results\":[]}");
    }

    private synchronized Answer publish(Request request) {
        String body = request.body();
        Map<String, Object> batch = Json.object("{\"events\":" + body + "}");
        for (String event : body.substring(1, body.length() - 1).split(",\n", -1)) {
            published.add(event);
            waiting.values()
                    .forEach(events -> {
                        events.add(event);
                        events.add(event);
                    });
        }
        notifyAll();
        for (Map<String, Object> event : Json.objectsIn(batch, "events")) {
            for (int i = 0; i < hooks.size() * 2; i++) {
                push(hooks.get(i / 2), event, i < 2);
            }
        }
        return refusals-- > 0 ? Answer.of(503, "busy\n") : Answer.of(202, "[]");
    }

    private void push(String url, Map<String, Object> event, boolean binary) {
        String data = TicketEvent.of(event).ticket().toJson();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (binary) {
            request.header("ce-type", Json.textIn(event, "type"));
            request.POST(HttpRequest.BodyPublishers.ofString(data));
        } else {
            String whole = TicketEvent.of(event).toCloudEvent();
            request.POST(HttpRequest.BodyPublishers.ofString(whole));
        }
        try {
            int status =
                    client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode();
            if (status != 204) {
                throw new IllegalStateException(url + ": " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Answer give(Request request) {
        String[] parts = request.path().split("/", -1);
        return parts[3].equals("settle") ? settle(request) : receive(parts[2]);
    }

    private Answer settle(Request request) {
        for (Map<String, Object> one : Json.objectsIn(Json.object(request.body()), "settlements")) {
            boolean held = leases.remove(Json.textIn(one, "token")) != null;
            if (held && Json.textIn(one, "action").equals("reject")) {
                rejected.add(Json.textIn(one, "reason"));
            }
        }
        return Answer.of(200, "{\"results\":[],\"refused\":0}");
    }

    private Answer receive(String name) {
        Deque<String> events = queue(name);
        try {
            long end = System.nanoTime() + WAIT_NANOS;
            takeBack();
            while (events.isEmpty() && System.nanoTime() < end) {
                wait(10);
                takeBack();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        List<String> given = new ArrayList<>();
        while (!events.isEmpty() && given.size() < GIVEN_MAX) {
            String event = events.removeFirst();
            String token = "t" + ++tokens;
            leases.put(token, new Given(name, event, System.nanoTime() + LEASE_NANOS));
            given.add("{\"token\":\"" + token + "\",\"event\":" + event + "}");
        }
        return Answer.of(200, "{\"leases\":[" + String.join(",", given) + "]}");
    }

    private void takeBack() {
        long now = System.nanoTime();
        leases.values()
                .removeIf(given -> {
                    boolean over = given.endNanos() < now;
                    if (over) {
                        queue(given.name()).add(given.event());
                    }
                    return over;
                });
    }

    @Override
    public void close() {
        http.close();
        client.shutdownNow();
    }
}
