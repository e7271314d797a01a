package io.millrace.gateway.http.call;

import io.millrace.gateway.http.exchange.Route;
import java.util.List;

/// Who answers a request.
///
/// @param variables of the path, decoded
/// @param terms on which requests of this kind are taken
public record Match(Route route, Endpoint endpoint, List<String> variables, Terms terms) {
    /// Whether the request may bring a body.
    public boolean takesBody() {
        return terms.takesBody();
    }

    /// Whether events may come in the HTTP binding, so that the headers' attributes are wanted.
    public boolean carriesEvents() {
        return terms.carriesEvents();
    }
}
