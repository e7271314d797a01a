package io.millrace.schedule;

import io.millrace.config.Fields;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.event.format.MediaTypes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a schedule emits each time it fires: an event or a job without its id and time.
///
/// @param source a URI reference
/// @param dataContentType `application/json` if there is data and the document does not say
/// @param data JSON as it is sent if the content type is JSON; else one string, sent in UTF-8
public record EventTemplate(
        String type,
        String source,
        @Nullable String subject,
        @Nullable String dataContentType,
        @Nullable JsonNode data) {

    /// Reads the fields of `event` or `job`.
    ///
    /// @param schedule the schedule's name; the source is `/schedules/<name>` if none is given
    /// @param tree the same object
    /// @return `null` if something is wrong, which has been reported then
    static @Nullable EventTemplate read(String schedule, Fields fields, @Nullable JsonNode tree) {
        int before = fields.problems().size();
        fields.require("type");
        String type = fields.string("type");
        String source = fields.string("source");
        String subject = fields.string("subject");
        String contentType = fields.string("dataContentType");
        JsonNode data = fields.has("data") && tree != null ? tree.get("data") : null;
        fields.end();
        if (data == null && contentType != null) {
            fields.wrong("dataContentType", "says what data is, but there is no data");
        }
        if (data != null && contentType == null) {
            contentType = MediaTypes.JSON;
        }
        boolean text = contentType != null && !MediaTypes.isJson(contentType);
        if (data != null && text && !data.isString()) {
            fields.wrong("data", "must be text, because dataContentType is not JSON");
        }
        EventTemplate template =
                new EventTemplate(
                        Objects.requireNonNullElse(type, "missing"),
                        Objects.requireNonNullElse(source, "/schedules/" + schedule),
                        subject,
                        contentType,
                        data);
        template.check(schedule, fields);
        return fields.problems().size() > before ? null : template;
    }

    private void check(String schedule, Fields fields) {
        try {
            toEvent(schedule, Instant.EPOCH);
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                String field = Objects.requireNonNullElse(problem.field(), "type");
                boolean renamed = field.equals("datacontenttype");
                fields.wrong(renamed ? "dataContentType" : field, problem.detail());
            }
        }
    }

    /// The event or job for one of the schedule's times. Its id follows from the schedule and the
    /// time, so that firing again after a crash is a duplicate and not a second event.
    ///
    /// @param schedule the schedule's name
    /// @param due the time that the timetable gave, not when it is served
    public Event toEvent(String schedule, Instant due) {
        return Event.builder()
                .id(schedule + "@" + due)
                .source(source)
                .type(type)
                .subject(subject)
                .time(Timestamp.of(due))
                .dataContentType(dataContentType)
                .data(bytes())
                .build();
    }

    private @Nullable Bytes bytes() {
        if (data == null) {
            return null;
        }
        boolean json = dataContentType == null || MediaTypes.isJson(dataContentType);
        return Bytes.utf8(json ? data.toString() : data.asString());
    }

    /// Writes the template's fields, every default explicit.
    void writeTo(ObjectNode object) {
        object.put("type", type);
        object.put("source", source);
        if (subject != null) {
            object.put("subject", subject);
        }
        if (dataContentType != null) {
            object.put("dataContentType", dataContentType);
        }
        if (data != null) {
            object.set("data", data);
        }
    }
}
