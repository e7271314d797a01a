package io.millrace.event.format;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Quoted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// Reads documents in the JSON format: the envelope is here, the members of an event are in
/// [JsonMembers]. Thread-safe.
final class JsonEventReader {
    /// An event in a batch is two levels above its data.
    private static final int DEPTH_MAX = JsonFormat.DATA_DEPTH_MAX + 2;

    private final JsonFactory factory =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    Event read(Bytes document) {
        Bytes text = checked(document);
        try (JsonParser parser = parser(text)) {
            try {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw invalid(
                            "the document must be a JSON object; several events in an array have"
                                    + " the content type "
                                    + MediaTypes.BATCH_JSON);
                }
                EventBuilder event = Event.builder();
                new JsonMembers(parser, text).readInto(event);
                end(parser);
                return event.build();
            } catch (JacksonException e) {
                throw new MillraceException(List.of(malformed(e, parser, null)));
            }
        }
    }

    List<Event> readBatch(Bytes document, int eventsMax) {
        Bytes text = checked(document);
        List<Event> events = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int index = 0;
        try (JsonParser parser = parser(text)) {
            try {
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    throw invalid(
                            "the document must be a JSON array of events; a single event has the"
                                    + " content type "
                                    + MediaTypes.STRUCTURED_JSON);
                }
                for (; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                    if (index == eventsMax) {
                        throw new MillraceException(
                                ErrorCode.BATCH_TOO_LARGE,
                                "the batch has more than %d events; send several"
                                        .formatted(eventsMax));
                    }
                    member(parser, text, index, events, problems);
                    if (problems.size() >= EventBuilder.PROBLEMS_MAX) {
                        throw new MillraceException(problems.subList(0, EventBuilder.PROBLEMS_MAX));
                    }
                }
                end(parser);
            } catch (JacksonException e) {
                problems.addFirst(malformed(e, parser, "[" + index + "]"));
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
        return events;
    }

    private static void member(
            JsonParser parser, Bytes text, int index, List<Event> events, List<Problem> problems) {
        String place = "[" + index + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            problems.add(
                    new Problem(ErrorCode.EVENT_INVALID, place, "must be an event, a JSON object"));
            parser.skipChildren();
            return;
        }
        EventBuilder event = Event.builder();
        new JsonMembers(parser, text).readInto(event);
        try {
            events.add(event.build());
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                String field = problem.field() == null ? place : place + "." + problem.field();
                problems.add(new Problem(problem.code(), field, problem.detail()));
            }
        }
    }

    /// The document without a byte order mark, in UTF-8 beyond doubt: Jackson would let overlong
    /// forms pass, and take zero bytes for UTF-16 or UTF-32.
    private static Bytes checked(Bytes document) {
        byte[] array = document.backingArray();
        int from = document.backingStart();
        int to = from + document.length();
        if (document.isEmpty()) {
            throw invalid("the document is empty");
        }
        int malformed = Utf8.firstMalformed(array, from, to);
        if (malformed >= 0) {
            throw invalid("the document is not UTF-8 at byte %d".formatted(malformed - from));
        }
        for (int i = from; i < Math.min(to, from + 4); i++) {
            if (array[i] == 0) {
                throw invalid("the document has a zero byte; it must be JSON in UTF-8");
            }
        }
        boolean marked =
                document.length() >= 3
                        && array[from] == (byte) 0xEF
                        && array[from + 1] == (byte) 0xBB
                        && array[from + 2] == (byte) 0xBF;
        return marked ? document.slice(3, document.length()) : document;
    }

    private JsonParser parser(Bytes text) {
        return factory.createParser(
                ObjectReadContext.empty(), text.backingArray(), text.backingStart(), text.length());
    }

    private static void end(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw invalid("the document goes on after its end");
        }
    }

    private static Problem malformed(
            JacksonException e, JsonParser parser, @Nullable String field) {
        long at = parser.currentLocation().getByteOffset();
        String detail;
        if (e instanceof StreamConstraintsException) {
            boolean deep = parser.streamReadContext().getNestingDepth() >= DEPTH_MAX;
            detail =
                    deep
                            ? "nests deeper than %d levels at byte %d"
                                    .formatted(JsonFormat.DATA_DEPTH_MAX, at)
                            : "has a member whose name is far too long at byte %d".formatted(at);
        } else {
            detail =
                    "is not JSON at byte %d: %s"
                            .formatted(at, Quoted.shortened(e.getOriginalMessage()));
        }
        return new Problem(ErrorCode.EVENT_INVALID, field, "the document " + detail);
    }

    private static MillraceException invalid(String detail) {
        return new MillraceException(ErrorCode.EVENT_INVALID, detail);
    }
}
