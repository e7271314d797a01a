package io.millrace.cli.replay;

import io.millrace.cli.text.Json;
import io.millrace.event.AttributeValue;
import io.millrace.event.Event;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// Writes events in CloudEvents' JSON format 1.0. Thread-safe.
final class EventJson {
    private final Json json;

    EventJson(Json json) {
        this.json = json;
    }

    /// An event whose data is UTF-8 text.
    ///
    /// @param jsonData whether the data is well-formed JSON; it becomes part of the document as it
    ///   is. Other text becomes a string.
    byte[] write(Event event, boolean jsonData) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator to = json.mapper().createGenerator(out)) {
            to.writeStartObject();
            to.writeStringProperty("specversion", "1.0");
            to.writeStringProperty("id", event.id());
            to.writeStringProperty("source", event.source());
            to.writeStringProperty("type", event.type());
            if (event.subject() != null) {
                to.writeStringProperty("subject", event.subject());
            }
            if (event.time() != null) {
                to.writeStringProperty("time", event.time().text());
            }
            for (Map.Entry<String, AttributeValue> extension : event.extensions().entrySet()) {
                to.writeStringProperty(extension.getKey(), extension.getValue().canonical());
            }
            if (event.dataContentType() != null) {
                to.writeStringProperty("datacontenttype", event.dataContentType());
            }
            if (event.data() != null) {
                to.writeName("data");
                if (jsonData) {
                    to.writeRawValue(event.data().toUtf8());
                } else {
                    to.writeString(event.data().toUtf8());
                }
            }
            to.writeEndObject();
        }
        return out.toByteArray();
    }
}
