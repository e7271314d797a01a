package io.millrace.gateway.http.consume;

import io.millrace.broker.SettleRequest;
import io.millrace.event.Bytes;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonCursor;
import java.util.ArrayList;
import java.util.List;

/// Reads settle documents (docs/reference/http-api.md, "Settle"). Thread-safe.
final class SettleReader {
    /// How many settlements one document may have.
    static final int SETTLEMENTS_MAX = 10_000;

    private static final List<String> KEYS = List.of("settlements");

    private final boolean emitting;
    private final JsonBody body = new JsonBody();
    private final JsonFormat format = new JsonFormat();

    /// @param emitting whether completing may publish an event
    SettleReader(boolean emitting) {
        this.emitting = emitting;
    }

    /// @throws io.millrace.error.MillraceException REQUEST_INVALID or EVENT_INVALID with everything
    ///   that is wrong, named as in `settlements[3].delay`; BATCH_TOO_LARGE
    List<SettleRequest> read(Bytes document) {
        return body.read(document, this::document);
    }

    private List<SettleRequest> document(JsonCursor cursor) {
        List<SettleRequest> requests = new ArrayList<>();
        cursor.object(
                "",
                KEYS,
                1,
                (_, path) ->
                        cursor.array(
                                path,
                                SETTLEMENTS_MAX,
                                (_, at) -> settlement(cursor, at, requests)));
        return requests;
    }

    private void settlement(JsonCursor cursor, String path, List<SettleRequest> requests) {
        Settlement settlement = new Settlement(cursor, path, emitting, format);
        SettleRequest request =
                cursor.object(path, Settlement.KEYS, 2, settlement) ? settlement.request() : null;
        if (request != null) {
            requests.add(request);
        }
    }
}
