package io.millrace.connect.sink;

import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.ContentMode;
import io.millrace.event.format.HttpHeaderValues;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.MediaTypes;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the event in an answer, in the binary or the structured mode.
final class AnswerEvent {
    private AnswerEvent() {}

    /// The event, or why there is none; both `null` if the answer does not mean to hold one.
    record Reading(@Nullable Event event, @Nullable String problem) {
        static final Reading NOTHING = new Reading(null, null);
    }

    /// Whether an answer means to hold events, by its headers.
    static boolean isMeant(MultiMap headers) {
        return headers.contains("ce-specversion")
                || MediaTypes.mode(headers.get("content-type")) != ContentMode.BINARY;
    }

    static Reading read(HttpAnswer answer) {
        if (!isMeant(answer.headers())) {
            return Reading.NOTHING;
        }
        if (answer.headers().contains("content-encoding")) {
            return problem("it is compressed, which was not asked for");
        }
        return switch (answer.ending()) {
            case TOO_LARGE -> problem("it is larger than allowed");
            case BROKEN, LATE -> problem("it did not come whole");
            case WHOLE -> parse(answer);
        };
    }

    private static Reading parse(HttpAnswer answer) {
        String type = answer.headers().get("content-type");
        try {
            return switch (MediaTypes.mode(type)) {
                case BINARY -> new Reading(binary(answer, type), null);
                case STRUCTURED_JSON -> new Reading(new JsonFormat().read(answer.body()), null);
                case BATCH_JSON -> problem("it holds a batch; only one event is taken");
                case UNSUPPORTED -> problem("it is in a format that is not supported");
            };
        } catch (MillraceException e) {
            // Only what is wrong is named: the text may quote what the sink wrote.
            String field = e.problems().getFirst().field();
            return problem(field == null ? "it is not valid" : "it is not valid in: " + field);
        }
    }

    private static Reading problem(String detail) {
        return new Reading(null, "the event in the answer was not taken: " + detail);
    }

    private static Event binary(HttpAnswer answer, @Nullable String type) {
        EventBuilder event = Event.builder();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, String> header : answer.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("ce-")) {
                String attribute = name.substring(3);
                boolean misplaced = attribute.equals("datacontenttype") || attribute.equals("data");
                if (misplaced || !names.add(attribute)) {
                    throw new MillraceException(
                            io.millrace.error.ErrorCode.EVENT_INVALID,
                            attribute,
                            misplaced ? "must not be in a header" : "is given twice");
                }
                event.attribute(attribute, HttpHeaderValues.decode(header.getValue(), attribute));
            }
        }
        if (type != null) {
            event.dataContentType(type);
        }
        if (type != null || !answer.body().isEmpty()) {
            event.data(answer.body());
        }
        return event.build();
    }
}
