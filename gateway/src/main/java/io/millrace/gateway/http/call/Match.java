package io.millrace.gateway.http.call;

import io.millrace.gateway.http.exchange.Route;
import java.util.List;

/// Who answers a request.
///
/// @param variables of the path, decoded
/// @param places for requests of this kind
/// @param bodyMax how many bytes the request may bring; 0 if it must bring none
public record Match(
        Route route, Endpoint endpoint, List<String> variables, Places places, int bodyMax) {}
