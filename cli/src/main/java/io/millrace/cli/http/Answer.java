package io.millrace.cli.http;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// A whole successful answer.
///
/// @param status the HTTP status, 200 to 299
/// @param headers the headers
/// @param body the body, which nobody changes
public record Answer(int status, HttpHeaders headers, byte[] body) {
    /// The body as text.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body as JSON.
    ///
    /// @throws CommandFailure if it is something else, as when the server is no Millrace
    public JsonNode json(Json json) {
        return json.parse(body)
                .orElseThrow(() ->
                        CommandFailure.failed("The answer is not JSON. Is the server a Millrace?"));
    }
}
