package io.millrace.gateway.http.call;

import io.millrace.event.format.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer that is ready as a whole.
///
/// @param contentType `null` if there is no body
/// @param headers besides the content type
public record Answer(
        int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
    static final String JSON = "application/json";

    public static Answer json(ByteSink body) {
        return new Answer(200, JSON, body.toArray(), Map.of("cache-control", "no-store"));
    }

    public static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, contentType, body, Map.of());
    }

    public static Answer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer empty(int status) {
        return new Answer(status, null, new byte[0], Map.of());
    }

    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, more);
    }

    public Answer withStatus(int other) {
        return new Answer(other, contentType, body, headers);
    }
}
