package io.millrace.cli.http;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events (WHATWG HTML, section 9.2.6).
///
/// Not thread-safe.
public final class SseReader implements Closeable {
    private final BufferedReader lines;
    private @Nullable String id;

    public SseReader(InputStream body) {
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /// The next event or comment, or `null` when the connection has ended. What was begun but not
    /// ended by an empty line is dropped, as the standard says. A comment, which only shows that
    /// the server is alive, comes as an event without data.
    public @Nullable SseEvent next() throws IOException {
        String event = "message";
        StringBuilder data = new StringBuilder();
        boolean any = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (any) {
                    return new SseEvent(id, event, data.toString());
                }
                event = "message";
            } else if (line.startsWith(":")) {
                if (!any) {
                    return new SseEvent(id, "comment", "");
                }
            } else {
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                value = value.startsWith(" ") ? value.substring(1) : value;
                switch (field) {
                    case "id" -> id = value.isEmpty() ? null : value;
                    case "event" -> event = value;
                    case "data" -> {
                        data.append(any ? "\n" : "").append(value);
                        any = true;
                    }
                    default -> {
                        // `retry` and unknown fields: the standard says to ignore the latter.
                    }
                }
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
