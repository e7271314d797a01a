package io.millrace.dispatch;

import io.millrace.event.AttributeValue;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import java.util.Objects;

/// Events that sinks answered with.
public final class Answers {
    private static final String CAUSATION = "causationid";
    private static final String CORRELATION = "correlationid";

    private Answers() {}

    /// The answer, known as caused by what was delivered: the cause's correlation goes before the
    /// answer's own.
    public static Event derived(Event cause, Event answer) {
        EventBuilder event =
                Event.builder()
                        .id(answer.id())
                        .source(answer.source())
                        .type(answer.type())
                        .subject(answer.subject())
                        .time(answer.time())
                        .dataContentType(answer.dataContentType())
                        .dataSchema(answer.dataSchema())
                        .data(answer.data());
        answer.extensions()
                .forEach((name, value) -> {
                    if (!name.equals(CAUSATION) && !name.equals(CORRELATION)) {
                        event.extension(name, value);
                    }
                });
        AttributeValue correlation = cause.extensions().get(CORRELATION);
        if (correlation == null) {
            correlation = answer.extensions().get(CORRELATION);
        }
        return event.extension(CAUSATION, cause.id())
                .extension(
                        CORRELATION,
                        Objects.requireNonNullElseGet(
                                correlation, () -> new AttributeValue.StringValue(cause.id())))
                .build();
    }
}
