package io.millrace.gateway.http;

import io.millrace.event.format.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer that is ready as a whole.
///
/// @param contentType `null` if there is no body
/// @param headers besides the content type
record Answer(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
    static final String JSON = "application/json";

    static Answer json(ByteSink body) {
        return new Answer(200, JSON, body.toArray(), Map.of("cache-control", "no-store"));
    }

    static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, contentType, body, Map.of());
    }

    static Answer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer empty(int status) {
        return new Answer(status, null, new byte[0], Map.of());
    }

    Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, more);
    }

    Answer withStatus(int other) {
        return new Answer(other, contentType, body, headers);
    }
}
