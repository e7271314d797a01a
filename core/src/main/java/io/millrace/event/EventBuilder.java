package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the parts of an event and checks them all together in [#build].
///
/// Not thread-safe; a builder may be used again after `build`.
public final class EventBuilder {
    /// How many problems are reported at once.
    public static final int PROBLEMS_MAX = 100;

    @Nullable String id;
    @Nullable String source;
    @Nullable String type;
    @Nullable String subject;
    @Nullable Timestamp time;
    @Nullable String dataContentType;
    @Nullable String dataSchema;
    final Map<String, AttributeValue> extensions = new LinkedHashMap<>(4);
    @Nullable Bytes data;

    private @Nullable List<Problem> problems;

    EventBuilder() {}

    public EventBuilder id(String id) {
        this.id = id;
        return this;
    }

    public EventBuilder source(String source) {
        this.source = source;
        return this;
    }

    public EventBuilder type(String type) {
        this.type = type;
        return this;
    }

    public EventBuilder subject(@Nullable String subject) {
        this.subject = subject;
        return this;
    }

    public EventBuilder time(@Nullable Timestamp time) {
        this.time = time;
        return this;
    }

    public EventBuilder dataContentType(@Nullable String dataContentType) {
        this.dataContentType = dataContentType;
        return this;
    }

    public EventBuilder dataSchema(@Nullable String dataSchema) {
        this.dataSchema = dataSchema;
        return this;
    }

    public EventBuilder data(@Nullable Bytes data) {
        this.data = data;
        return this;
    }

    public EventBuilder extension(String name, String value) {
        return extension(name, new AttributeValue.StringValue(value));
    }

    public EventBuilder extension(String name, AttributeValue value) {
        extensions.put(name, value);
        return this;
    }

    /// Whether an extension was set.
    public boolean has(String extension) {
        return extensions.containsKey(extension);
    }

    /// The text of an extension that was set, `null` if it was not.
    public @Nullable String text(String extension) {
        AttributeValue value = extensions.get(extension);
        return value == null ? null : value.canonical();
    }

    /// Sets any attribute from its canonical text, as bindings without types carry it. A malformed
    /// value is reported by [#build], together with everything else that is wrong.
    public EventBuilder attribute(String name, String text) {
        switch (name) {
            case "specversion" -> specVersion(text);
            case "id" -> id = text;
            case "source" -> source = text;
            case "type" -> type = text;
            case "subject" -> subject = text;
            case "time" -> {
                try {
                    time = Timestamp.parse("time", text);
                } catch (MillraceException e) {
                    e.problems().forEach(this::report);
                }
            }
            case "datacontenttype" -> dataContentType = text;
            case "dataschema" -> dataSchema = text;
            default -> extension(name, text);
        }
        return this;
    }

    /// Checks the version; only `1.0` is supported.
    public EventBuilder specVersion(String text) {
        if (!text.equals("1.0")) {
            report(
                    new Problem(
                            ErrorCode.SPECVERSION_UNSUPPORTED,
                            "specversion",
                            "must be \"1.0\", but is \"%s\"".formatted(Quoted.shortened(text))));
        }
        return this;
    }

    /// Adds a problem that a format or binding found while it read the event. Of very many, the
    /// first [#PROBLEMS_MAX] are kept.
    public EventBuilder report(Problem problem) {
        if (problems == null) {
            problems = new ArrayList<>();
        }
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(problem);
        }
        return this;
    }

    /// The event as it was recorded: what was valid then stays readable, whatever the rules for new
    /// events have become. Only for what comes out of a log.
    ///
    /// @throws MillraceException if it lacks what every event has, so that it is none
    public Event buildRecorded() {
        if (id == null || source == null || type == null) {
            report(
                    new Problem(
                            ErrorCode.EVENT_INVALID,
                            id == null ? "id" : source == null ? "source" : "type",
                            "is missing in the stored record, which is no event"));
        }
        return checked();
    }

    /// @throws MillraceException naming every attribute that is missing or malformed
    public Event build() {
        EventRules.check(this);
        return checked();
    }

    private Event checked() {
        if (problems != null && !problems.isEmpty()) {
            List<Problem> found = problems;
            problems = null;
            throw new MillraceException(found);
        }
        if (id == null || source == null || type == null) {
            throw new IllegalStateException("the rules let a missing attribute pass");
        }
        return new Event(this, id, source, type);
    }
}
