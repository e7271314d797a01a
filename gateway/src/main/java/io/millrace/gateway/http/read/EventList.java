package io.millrace.gateway.http.read;

import io.millrace.event.format.ByteSink;
import io.millrace.event.format.MediaTypes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.ResponseStream;
import io.millrace.gateway.http.message.Accept;
import io.millrace.gateway.http.message.Envelope;
import io.millrace.stream.StoredEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer of many events, as the client wants them: an envelope a line, an array of envelopes,
/// or the events alone. Thread-safe.
final class EventList {
    private static final String LINES = "application/x-ndjson";
    private static final String JSON = "application/json";
    private static final int PIECE_BYTES = 64 << 10;

    private final Envelope envelope = new Envelope();

    /// What the client accepts.
    ///
    /// @throws io.millrace.error.MillraceException NOT_ACCEPTABLE
    static String type(Call call) {
        return Accept.choose(call.header("accept"), List.of(LINES, JSON, MediaTypes.BATCH_JSON));
    }

    /// Answers, in pieces if that is much.
    ///
    /// @param type from [#type]
    /// @return `null` if it is on its way already
    @Nullable Answer send(
            Call call, String type, List<StoredEvent> events, Map<String, String> headers)
            throws InterruptedException {
        headers.put("content-type", type);
        boolean lines = type.equals(LINES);
        ByteSink piece = new ByteSink(Math.min(PIECE_BYTES, 256 + events.size() * 256));
        ResponseStream stream = null;
        String separator = lines ? "" : "[";
        for (StoredEvent event : events) {
            piece.ascii(separator);
            if (type.equals(MediaTypes.BATCH_JSON)) {
                envelope.writeEvent(piece, event);
            } else {
                envelope.write(piece, event, null);
            }
            separator = ",";
            if (lines) {
                piece.write('\n');
                separator = "";
            }
            if (piece.length() >= PIECE_BYTES && !call.isHead()) {
                stream = stream == null ? call.stream(200, headers) : stream;
                stream.write(piece);
                piece.clear();
                stream.awaitRoom(() -> false);
            }
        }
        if (!lines) {
            piece.ascii(events.isEmpty() ? "[]" : "]");
        }
        if (stream == null) {
            return new Answer(200, null, piece.toArray(), headers);
        }
        stream.write(piece);
        return null;
    }
}
