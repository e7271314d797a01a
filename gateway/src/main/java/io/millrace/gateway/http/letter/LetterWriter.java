package io.millrace.gateway.http.letter;

import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.letter.DeadLetter;

/// Writes dead letters as JSON. Thread-safe.
final class LetterWriter {
    private final JsonFormat format = new JsonFormat();

    void write(JsonDocument json, DeadLetter letter) {
        json.beginObject()
                .text("id", letter.id())
                .text("kind", letter.kind())
                .text("name", letter.name())
                .text("reason", Reasons.word(letter.reason()))
                .text("detail", letter.detail());
        if (letter.status() != 0) {
            json.number("status", letter.status());
        }
        json.number("attempts", letter.attempts());
        if (letter.firstMillis() != 0) {
            json.time("first", letter.firstMillis());
        }
        json.time("last", letter.lastMillis())
                .name("position")
                .beginObject()
                .text("stream", letter.stream())
                .number("partition", letter.partition())
                .number("offset", letter.offset())
                .endObject()
                .number("resubmissions", letter.resubmissions())
                .text("context", letter.context().path())
                .raw("event", sink -> format.write(letter.event(), sink))
                .endObject();
    }
}
