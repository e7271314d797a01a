package io.millrace.cli.consume;

import io.millrace.cli.http.Api;
import io.millrace.cli.text.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests that settle leases.
///
/// @param from what they were received from
/// @param json writes them
public record Settlements(Consumed from, Json json) {
    /// Leases in one request.
    public static final int TOKENS_MAX = 10_000;

    /// Says that the events or jobs are done.
    public ObjectNode done() {
        return action(
                switch (from.kind()) {
                    case SUBSCRIPTION -> "acknowledge";
                    case QUEUE -> "complete";
                });
    }

    /// A settlement without its token.
    public ObjectNode action(String name) {
        return json.object().put("action", name);
    }

    /// The request that settles all of them alike.
    ///
    /// @param tokens at most [#TOKENS_MAX]
    public HttpRequest request(Api api, ObjectNode action, List<String> tokens) {
        ObjectNode body = json.object();
        ArrayNode settlements = body.putArray("settlements");
        for (String token : tokens) {
            settlements.addObject().put("token", token).setAll(action);
        }
        return api.request(from.path("settle"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.write(body)))
                .build();
    }
}
