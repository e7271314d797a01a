package io.millrace.gateway.http.subscription;

import io.millrace.event.Bytes;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.stream.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a document that names one stored event:
/// `{"position":{"stream":"events","partition":0,"offset":17}}`. Thread-safe.
final class PositionReader {
    private static final List<String> KEYS = List.of("position");
    private static final List<String> PLACES = List.of("stream", "partition", "offset");

    private final JsonBody body;

    PositionReader(JsonBody body) {
        this.body = body;
    }

    /// @throws io.millrace.error.MillraceException REQUEST_INVALID with everything that is wrong
    Receipt read(Bytes document) {
        return body.read(document, cursor -> new Place(cursor).read());
    }

    /// The members while they are read.
    private static final class Place {
        private final JsonCursor cursor;
        private @Nullable String stream;
        private @Nullable Long partition;
        private @Nullable Long offset;

        Place(JsonCursor cursor) {
            this.cursor = cursor;
        }

        Receipt read() {
            cursor.object("", KEYS, 1, (_, path) -> cursor.object(path, PLACES, 3, this::place));
            return new Receipt(
                    stream == null ? "" : stream,
                    partition == null ? 0 : partition.intValue(),
                    offset == null ? 0 : offset);
        }

        private void place(String name, String path) {
            switch (name) {
                case "stream" -> stream = cursor.string(path);
                case "partition" -> partition = cursor.integer(path, 0, Integer.MAX_VALUE);
                default -> offset = cursor.integer(path, 0, Long.MAX_VALUE);
            }
        }
    }
}
