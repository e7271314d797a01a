package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The publishing end of a fake server: it keeps batches, all or nothing, as the real one does.
final class StoredEvents implements FakeServer.Handler {
    private final Json json = new Json();
    private final List<Stored> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

    /// @param context from the path, else the event's source
    record Stored(String context, JsonNode event) {
        String id() {
            return event.path("id").asString();
        }
    }

    @Override
    public void answer(FakeServer.Request request, HttpExchange exchange) throws IOException {
        FakeServer.json(202, store(request)).answer(request, exchange);
    }

    /// Stores a batch and returns the answer.
    String store(FakeServer.Request request) {
        assertThat(request.headers().get("content-type"))
                .isEqualTo("application/cloudevents-batch+json");
        String path = request.path().substring("/events".length());
        JsonNode batch = json.parse(request.body()).orElseThrow();
        batches.add(batch.size());
        StringBuilder answer = new StringBuilder();
        for (JsonNode event : batch) {
            String context = path.isEmpty() ? event.path("source").asString() : path;
            events.add(new Stored(URLDecoder.decode(context, StandardCharsets.UTF_8), event));
            answer.append(answer.isEmpty() ? "[" : ",")
                    .append("{\"stream\":\"events\",\"partition\":0,\"offset\":")
                    .append(events.size() - 1)
                    .append('}');
        }
        return answer.append(']').toString();
    }

    List<Stored> events() {
        return List.copyOf(events);
    }

    List<String> ids() {
        return events().stream().map(Stored::id).toList();
    }

    /// How many events each request held.
    List<Integer> batches() {
        return List.copyOf(batches);
    }
}
