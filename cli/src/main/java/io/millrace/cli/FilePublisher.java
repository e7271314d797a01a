package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Batch;
import io.millrace.cli.input.JsonValues;
import io.millrace.cli.input.Utf8Text;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import tools.jackson.databind.JsonNode;

/// Publishes a file of CloudEvents in batches, each event exactly as it is written there.
///
/// Each batch is taken whole or not at all; what was taken before a failing batch stays taken.
final class FilePublisher {
    private static final int EVENT_BYTES_MAX = 16 << 20;

    private final Millrace millrace;
    private final Api api;
    private final String path;
    private long published;

    /// @param path where the events are sent to: `/events` with or without a context, or a queue
    FilePublisher(Millrace millrace, Api api, String path) {
        this.millrace = millrace;
        this.api = api;
        this.path = path;
    }

    /// Publishes everything in a file, `-` being standard input.
    ///
    /// @param done what to say in the end, with `%s` for the number
    void publish(String file, String done) throws IOException {
        String origin = file.equals("-") ? "standard input" : file;
        try (JsonValues events = new JsonValues(open(file), origin, EVENT_BYTES_MAX)) {
            publishAll(events, origin);
        } catch (RuntimeException e) {
            if (published > 0) {
                millrace.notice(
                        "The first %s events of %s were taken before this:"
                                .formatted(Quantity.count(published), origin));
            }
            throw e;
        }
        if (!millrace.asJson()) {
            millrace.print(done.formatted(Quantity.count(published)));
        }
    }

    private void publishAll(JsonValues events, String origin) throws IOException {
        Batch batch = new Batch();
        for (var event = events.next(); event != null; event = events.next()) {
            Utf8Text.decode(event.text(), origin + ", the event on line " + event.line());
            if (millrace.json().parse(event.text()).isEmpty()) {
                throw CommandFailure.failed(
                        "%s: the event on line %d is not JSON.".formatted(origin, event.line()));
            }
            if (!batch.fits(event.text().length)) {
                send(batch);
            }
            batch.add(event.text());
        }
        if (!batch.isEmpty()) {
            send(batch);
        }
    }

    private void send(Batch batch) {
        JsonNode answer = api.send(batch.request(api, path)).json(millrace.json());
        published += batch.size();
        batch.clear();
        if (millrace.asJson()) {
            JsonNode each = answer.isArray() ? answer : answer.path("jobs");
            each.forEach(stored -> millrace.print(millrace.json().write(stored)));
        }
    }

    private InputStream open(String file) throws IOException {
        return file.equals("-")
                ? millrace.surroundings().console().in()
                : Files.newInputStream(millrace.surroundings().folder().resolve(file));
    }
}
