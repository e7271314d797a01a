package io.millrace.gateway.http.view;

import io.millrace.broker.view.ViewQuery;
import io.millrace.broker.view.ViewStatus;
import io.millrace.broker.view.Views;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.PercentEncoding;
import io.millrace.event.format.HttpHeaderValues;
import io.millrace.event.format.MediaTypes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Accept;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.gateway.http.message.Query;
import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewOrigin;
import io.millrace.view.ViewPage;
import io.millrace.view.ViewRange;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is in views, and how they are.
public final class ViewEndpoints {
    private static final String PATH = "/views/";
    private static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int LIMIT_DEFAULT = 100;
    private static final int PAGE_BYTES_MAX = 8 << 20;
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final BrokerDoor broker;
    private final Duration heartbeat;

    /// @param heartbeat how often a client that follows hears something
    public ViewEndpoints(BrokerDoor broker, Duration heartbeat) {
        this.broker = broker;
        this.heartbeat = heartbeat;
    }

    private Views views() {
        return broker.views();
    }

    /// `GET /views/{name}/{key}`.
    public Answer get(Call call) throws InterruptedException {
        Query query = call.query("wait", "asOf");
        String name = call.variable();
        String key = key(call);
        Duration wait = query.duration("wait", Duration.ZERO, WAIT_MAX);
        Long asOf = query.time("asOf");
        if (asOf != null && wait != null) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "wait",
                    "goes without asOf: the past does not change");
        }
        String known = call.header("if-none-match");
        ViewEntry entry =
                asOf == null
                        ? now(name, key, known, wait)
                        : views().asOf(Principal.LOCAL, name, key, Instant.ofEpochMilli(asOf));
        if (entry == null) {
            throw new MillraceException(
                    ErrorCode.VIEW_KEY_NOT_FOUND,
                    "the view %s has nothing of this key".formatted(name));
        }
        if (isKnown(known, entry)) {
            return Answer.empty(304).with("etag", entry.etag());
        }
        return answer(entry);
    }

    /// What is behind the name, as it is or percent-encoded: a key may have slashes.
    private static String key(Call call) {
        String path = call.target().path();
        int slash = path.indexOf('/', PATH.length());
        String key = PercentEncoding.decode(path.substring(slash + 1), "key");
        if (!ViewEntry.isKey(key)) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "key",
                    "must be 1 to %d bytes long".formatted(ViewEntry.KEY_BYTES_MAX));
        }
        return key;
    }

    private @Nullable ViewEntry now(
            String name, String key, @Nullable String known, @Nullable Duration wait)
            throws InterruptedException {
        ViewEntry entry = views().get(Principal.LOCAL, name, key);
        if (wait == null || (entry != null && !isKnown(known, entry))) {
            return entry;
        }
        String etag = entry == null ? null : entry.etag();
        return views().waitForChange(Principal.LOCAL, name, key, etag, wait);
    }

    /// RFC 9110, section 13.1.2.
    private static boolean isKnown(@Nullable String header, ViewEntry entry) {
        if (header == null) {
            return false;
        }
        String etag = entry.etag();
        for (String each : header.split(",", -1)) {
            String tag = each.strip();
            if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    private static Answer answer(ViewEntry entry) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-cache");
        headers.put("etag", entry.etag());
        headers.put("millrace-updated", Instant.ofEpochMilli(entry.updatedMillis()).toString());
        ViewOrigin origin = entry.origin();
        if (origin != null) {
            headers.put("millrace-context", HttpHeaderValues.encode(origin.context()));
        }
        return new Answer(
                200,
                origin == null ? JSON : MediaTypes.STRUCTURED_JSON,
                entry.value().toArray(),
                headers);
    }

    /// `GET /views/{name}`.
    public @Nullable Answer list(Call call) throws InterruptedException {
        Query query = call.query("prefix", "from", "to", "limit", "after", "filter", "follow");
        String type = Accept.choose(call.header("accept"), List.of(JSON, EVENT_STREAM));
        ViewRange range = new ViewRange(query.one("prefix"), query.one("from"), query.one("to"));
        if (follows(query) || type.equals(EVENT_STREAM)) {
            return follow(call, query, range);
        }
        ViewQuery wanted =
                new ViewQuery(
                        range,
                        query.one("after"),
                        query.number("limit", 1, ViewQuery.LIMIT_MAX, LIMIT_DEFAULT),
                        query.all("filter"));
        return page(views().list(Principal.LOCAL, call.variable(), wanted));
    }

    private static boolean follows(Query query) {
        String follow = query.one("follow");
        if (follow == null || follow.equals("false")) {
            return false;
        }
        if (follow.equals("true") || follow.isEmpty()) {
            return true;
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, "follow", "must be true or false");
    }

    /// A page whose values are large ends before its limit.
    private static Answer page(ViewPage page) {
        JsonDocument json = new JsonDocument();
        json.beginObject().beginArray("items");
        String next = page.next();
        for (ViewEntry entry : page.items()) {
            json.beginObject();
            EntryWriter.write(json, entry, false);
            json.endObject();
            if (json.sink().length() > PAGE_BYTES_MAX && !entry.equals(page.items().getLast())) {
                next = entry.key();
                break;
            }
        }
        json.endArray().textOrNull("next", next).endObject();
        return Answer.json(json.sink());
    }

    private @Nullable Answer follow(Call call, Query query, ViewRange range)
            throws InterruptedException {
        for (String paging : List.of("limit", "after")) {
            if (query.one(paging) != null) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID, paging, "goes without follow");
            }
        }
        if (call.isHead()) {
            return Answer.empty(200).with("content-type", EVENT_STREAM);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", EVENT_STREAM);
        headers.put("cache-control", "no-store");
        headers.put("x-accel-buffering", "no");
        try (ViewFollower follower =
                views().follow(Principal.LOCAL, call.variable(), range, query.all("filter"))) {
            new ViewStream(call, follower, call.stream(200, headers), heartbeat).run();
        }
        return null;
    }

    /// `GET /api/v1/views/{name}/status`.
    public Answer status(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        write(json, views().status(Principal.LOCAL, call.variable()));
        return Answer.json(json.sink());
    }

    /// `GET /views`.
    public Answer all(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        json.beginObject().beginArray("items");
        views().status(Principal.LOCAL).forEach(status -> write(json, status));
        json.endArray().endObject();
        return Answer.json(json.sink());
    }

    private static void write(JsonDocument json, ViewStatus status) {
        json.beginObject()
                .text("name", status.name())
                .text("state", status.state().name().toLowerCase(Locale.ROOT))
                .textOrNull("problem", status.problem())
                .number("keys", status.keys())
                .number("bytes", status.bytes());
        json.name("lag").beginObject().number("events", status.lagEvents()).endObject();
        json.number("updates", status.updates())
                .number("skipped", status.skipped())
                .number("followers", status.followers());
        json.name("fedBy").beginObject();
        if (status.pattern() == null) {
            json.textOrNull("query", status.query());
        } else {
            json.text("pattern", Objects.requireNonNull(status.pattern()));
        }
        json.endObject();
        ViewStatus.Copy copy = status.copy();
        if (copy != null) {
            json.name("copy")
                    .beginObject()
                    .text("state", copy.current() ? "current" : "behind")
                    .number("written", copy.written())
                    .textOrNull("problem", copy.problem())
                    .endObject();
        }
        json.endObject();
    }
}
