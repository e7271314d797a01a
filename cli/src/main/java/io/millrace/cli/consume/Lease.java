package io.millrace.cli.consume;

import io.millrace.cli.text.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A lease as the server gave it.
///
/// @param document the whole of it
public record Lease(JsonNode document) {
    /// What proves that it was given to this process.
    public String token() {
        return document.path("token").asString("");
    }

    /// The event with where it was recorded, in the form in which `tail` and `read` show events.
    public ObjectNode envelope(Json json) {
        ObjectNode envelope = json.object();
        envelope.set("context", document.path("context"));
        document.path("position").properties().forEach(e -> envelope.set(e.getKey(), e.getValue()));
        envelope.set("recorded", document.path("recordedtime"));
        envelope.set("event", document.path("event"));
        return envelope;
    }
}
