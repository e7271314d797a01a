package io.millrace.gateway.http.letter;

import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.letter.LetterSearch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A document that says what is to be done with dead letters, while it is read. Owned by one
/// thread.
final class LetterRequest {
    static final int IDS_MAX = 10_000;

    private static final List<String> RESUBMIT =
            List.of("ids", "search", "event", "transform", "perSecond", "delay");
    private static final List<String> DISCARD = List.of("reason", "ids", "search");
    private static final Duration DELAY_MAX = Duration.ofDays(365);
    private static final double PER_SECOND_MIN = 0.001;
    private static final double PER_SECOND_MAX = 1_000_000;
    private static final int TRANSFORM_LENGTH_MAX = 64 << 10;
    private static final int REASON_LENGTH_MAX = 1_000;

    private final JsonCursor cursor;
    private final JsonFormat format;

    @Nullable List<String> ids;
    @Nullable LetterSearch search;
    @Nullable Event event;
    @Nullable String transform;
    @Nullable Double perSecond;
    @Nullable Duration delay;
    String reason = "";

    private boolean replaced;

    private LetterRequest(JsonCursor cursor, JsonFormat format) {
        this.cursor = cursor;
        this.format = format;
    }

    static LetterRequest resubmission(JsonCursor cursor, JsonFormat format) {
        LetterRequest request = new LetterRequest(cursor, format);
        if (cursor.object("", RESUBMIT, 0, request::member)) {
            request.check();
        }
        return request;
    }

    static LetterRequest discarding(JsonCursor cursor, JsonFormat format) {
        LetterRequest request = new LetterRequest(cursor, format);
        if (cursor.object("", DISCARD, 1, request::member)) {
            request.check();
        }
        return request;
    }

    private void member(String name, String path) {
        switch (name) {
            case "ids" -> ids = cursor.strings(path, IDS_MAX);
            case "search" -> search = search(path);
            case "event" -> {
                replaced = true;
                event = cursor.event(path, format);
            }
            case "transform" -> transform = cursor.sentence(path, TRANSFORM_LENGTH_MAX);
            case "perSecond" -> perSecond = cursor.number(path, PER_SECOND_MIN, PER_SECOND_MAX);
            case "delay" -> delay = cursor.duration(path, Duration.ZERO, DELAY_MAX);
            case "reason" -> {
                String text = cursor.sentence(path, REASON_LENGTH_MAX);
                reason = text == null ? "" : text;
            }
            default -> throw new IllegalStateException("a member without a place: " + name);
        }
    }

    private LetterSearch search(String path) {
        SearchFields fields = new SearchFields();
        cursor.object(path, SearchFields.NAMES, 0, (name, at) -> field(fields, name, at));
        return fields.search();
    }

    private void field(SearchFields fields, String name, String path) {
        if (SearchFields.isTime(name)) {
            fields.setTime(name, cursor.time(path));
            return;
        }
        String value = cursor.string(path);
        if (value == null) {
            return;
        }
        String problem = fields.set(name, value);
        if (problem != null) {
            cursor.wrong(path, problem);
        }
    }

    private void check() {
        if ((ids == null) == (search == null)) {
            cursor.wrong(
                    "ids",
                    ids == null
                            ? "is missing; name the letters, or give a search for them"
                            : "stands beside search; give one of them");
        }
        if (ids != null && ids.isEmpty()) {
            cursor.wrong("ids", "must name at least one letter");
        }
        if (replaced && (ids == null || ids.size() != 1)) {
            cursor.wrong("event", "replaces one letter's, so ids must name exactly one");
        }
        if (replaced && transform != null) {
            cursor.wrong("transform", "stands beside event; give one of them");
        }
    }
}
