package io.millrace.gateway.http.read;

import io.millrace.broker.stream.ContextListing;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Envelope;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.gateway.http.message.Query;
import io.millrace.io.Clock;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of contexts and the latest event in each.
public final class ContextEndpoints {
    private static final int LIMIT_DEFAULT = 1_000;
    private static final int LIMIT_MAX = 10_000;
    private static final int PARENTS_MAX = 1_000;
    private static final int PREVIEW_LENGTH_MAX = 120;

    /// No character of UTF-8 needs more bytes.
    private static final int PREVIEW_BYTES_MAX = 4 * PREVIEW_LENGTH_MAX;

    private final BrokerDoor broker;
    private final Clock clock;
    private final Envelope envelope = new Envelope();

    public ContextEndpoints(BrokerDoor broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
    }

    /// `GET /api/v1/contexts`.
    public Answer list(Call call) {
        Query query = call.query("under", "limit", "after");
        List<String> parents = query.all("under").isEmpty() ? List.of("/") : query.all("under");
        String after = query.one("after");
        if (after != null && parents.size() > 1) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "after", "pages through a single \"under\" only");
        }
        if (parents.size() > PARENTS_MAX) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "under",
                    "at most %d at once".formatted(PARENTS_MAX));
        }
        int limit = query.number("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
        JsonDocument json = new JsonDocument();
        json.beginObject()
                .time("time", clock.epochMillis())
                .number("contexts", broker.contextCount())
                .number("published", broker.publishedCount())
                .beginArray("parents");
        for (String parent : parents) {
            write(json, Context.of(parent), limit, after);
        }
        json.endArray().endObject();
        return Answer.json(json.sink());
    }

    private void write(JsonDocument json, Context parent, int limit, @Nullable String after) {
        // One more than asked for tells whether there are more.
        ContextListing listing =
                broker.latest().children(Principal.LOCAL, parent, limit + 1, after);
        boolean more = listing.children().size() > limit;
        json.beginObject()
                .text("context", listing.context())
                .number("total", listing.total())
                .flag("more", more)
                .beginArray("children");
        for (ContextListing.Child child :
                more ? listing.children().subList(0, limit) : listing.children()) {
            json.beginObject()
                    .text("name", child.name())
                    .text("context", child.context())
                    .number("children", child.children())
                    .number("contexts", child.contexts())
                    .number("published", child.published());
            if (child.latest() != null) {
                latest(json.name("latest"), child.latest());
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    private static void latest(JsonDocument json, StoredEvent stored) {
        json.beginObject()
                .time("recorded", stored.recordedMillis())
                .text("type", stored.event().type())
                .text("id", stored.event().id())
                .text("source", stored.event().source())
                .text("stream", stored.stream())
                .number("partition", stored.partition())
                .number("offset", stored.offset())
                .text("retain", stored.retain().text())
                .text("preview", preview(stored.event().data()))
                .endObject();
    }

    private static @Nullable String preview(@Nullable Bytes data) {
        if (data == null) {
            return null;
        }
        String text = data.slice(0, Math.min(data.length(), PREVIEW_BYTES_MAX)).toUtf8();
        if (text.length() <= PREVIEW_LENGTH_MAX) {
            return text;
        }
        boolean pair = Character.isHighSurrogate(text.charAt(PREVIEW_LENGTH_MAX - 1));
        return text.substring(0, pair ? PREVIEW_LENGTH_MAX - 1 : PREVIEW_LENGTH_MAX);
    }

    /// `GET /api/v1/contexts/latest`.
    public Answer latest(Call call) {
        String path = call.query("context").one("context");
        if (path == null) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, "context", "is missing");
        }
        StoredEvent latest = broker.latest().newest(Principal.LOCAL, Context.of(path));
        if (latest == null) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "context", "no event is known in this context");
        }
        ByteSink out = new ByteSink(1 << 10);
        envelope.write(out, latest, null);
        return Answer.json(out);
    }
}
