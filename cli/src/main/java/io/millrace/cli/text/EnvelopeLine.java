package io.millrace.cli.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/// Shows a stored event on one line: when it happened, where, what, and its data.
///
/// @param style colours or none
/// @param zone the zone in which times are shown
/// @param width characters to which the line is cut; 0 for as long as it is
/// @param json writes data
public record EnvelopeLine(Style style, ZoneId zone, int width, Json json) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

    /// The line for one envelope. The time is the event's own, or when it was recorded if it has
    /// none.
    public String format(JsonNode envelope) {
        JsonNode event = envelope.path("event");
        String time = time(event.path("time").asString(envelope.path("recorded").asString("")));
        String context = Visible.of(envelope.path("context").asString("?"));
        String type = Visible.of(event.path("type").asString("?"));
        String data = Visible.of(data(event));
        if (width > 0) {
            int room = width - time.length() - context.length() - type.length() - 3;
            data = Visible.shortened(data, Math.max(room, 24));
        }
        String head = style.dim(time) + " " + style.cyan(context) + " " + style.bold(type);
        return data.isEmpty() ? head : head + " " + data;
    }

    private String time(String text) {
        try {
            return TIME.format(Instant.parse(text).atZone(zone));
        } catch (DateTimeParseException _) {
            return Visible.of(text);
        }
    }

    private String data(JsonNode event) {
        JsonNode base64 = event.path("data_base64");
        if (base64.isString()) {
            return binary(base64.asString(), event.path("datacontenttype").asString("data"));
        }
        JsonNode data = event.path("data");
        if (data.isMissingNode()) {
            return "";
        }
        return data.isString() ? data.asString() : json.write(data);
    }

    private static String binary(String base64, String type) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return base64;
        }
        String text = text(bytes);
        return text.isEmpty() ? "<%d bytes of %s>".formatted(bytes.length, type) : text;
    }

    /// The text that these bytes are, whatever their type says: records of Kafka's producers mostly
    /// have none. Empty if they are no text.
    private static String text(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            boolean isText =
                    text.chars()
                            .noneMatch(each ->
                                    Character.isISOControl(each) && "\t\r\n".indexOf(each) < 0);
            return isText ? text : "";
        } catch (CharacterCodingException _) {
            return "";
        }
    }
}
