package io.millrace.gateway.mqtt.message;

import io.millrace.broker.Publication;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages for tests, and the two ways through the package at a fixed time.
final class Samples {
    /// 2026-03-01T12:00:00Z.
    static final long NOW = 1_772_366_400_000L;

    static final MessageReader READER = new MessageReader();
    static final MessageWriter WRITER = new MessageWriter();
    static final JsonFormat JSON = new JsonFormat();

    private Samples() {}

    static Message message(String topic, String payload) {
        return new Message(topic, Bytes.utf8(payload), false, MessageProperties.NONE);
    }

    static Message typed(String payload, @Nullable String contentType, String... properties) {
        return new Message(
                "a/b",
                Bytes.utf8(payload),
                false,
                new MessageProperties(null, null, contentType, null, null, pairs(properties)));
    }

    static List<UserProperty> pairs(String... texts) {
        List<UserProperty> pairs = new ArrayList<>();
        for (int i = 0; i < texts.length; i += 2) {
            pairs.add(new UserProperty(texts[i], texts[i + 1]));
        }
        return pairs;
    }

    static Event read5(Message message) {
        return publication(message, ProtocolVersion.V5).event();
    }

    static Event read3(String payload) {
        return publication(message("a/b", payload), ProtocolVersion.V3_1_1).event();
    }

    static Publication publication(Message message, ProtocolVersion version) {
        return READER.read(message, version, "id-1", NOW);
    }

    static Message write5(Event event, MessageFormat format) {
        return write(event, ProtocolVersion.V5, format);
    }

    static Message write(Event event, ProtocolVersion version, MessageFormat format) {
        Written written = WRITER.write(event, Context.of("/a/b"), version, format, NOW);
        if (written instanceof Written.Ready(Message message, long _)) {
            return message;
        }
        throw new AssertionError(written);
    }
}
