package io.millrace.gateway.mqtt.wire;

import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.MessageWriter;
import io.millrace.gateway.mqtt.message.ProtocolVersion;
import io.millrace.gateway.mqtt.message.Written;
import io.millrace.io.Clock;
import io.millrace.stream.StoredEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Images of the event that is sent now. Owned by one event loop.
final class PublishImages {
    private final MessageWriter writer = new MessageWriter();
    private final MessageFormat usual;
    private final Clock clock;
    private final Map<MessageFormat, Optional<PublishImage>> five =
            new EnumMap<>(MessageFormat.class);
    private final Map<MessageFormat, Optional<PublishImage>> older =
            new EnumMap<>(MessageFormat.class);
    private @Nullable StoredEvent current;

    /// @param usual the format for clients of MQTT 3.1.1 that have not said which
    PublishImages(MessageFormat usual, Clock clock) {
        this.usual = usual;
        this.clock = clock;
    }

    /// @return `null` if the event has expired or has no topic
    // Whether it is the same event still, which comes for one subscriber after the other.
    @SuppressWarnings("ReferenceEquality")
    @Nullable PublishImage of(StoredEvent event, boolean isFive, MessageFormat format) {
        if (event != current) {
            current = event;
            five.clear();
            older.clear();
        }
        Map<MessageFormat, Optional<PublishImage>> known = isFive ? five : older;
        Optional<PublishImage> image = known.get(format);
        if (image == null) {
            image = Optional.ofNullable(image(event, isFive, format));
            known.put(format, image);
        }
        return image.orElse(null);
    }

    private @Nullable PublishImage image(StoredEvent event, boolean isFive, MessageFormat format) {
        MessageFormat chosen = !isFive && format == MessageFormat.AUTO ? usual : format;
        Written written =
                writer.write(
                        event.event(),
                        event.context(),
                        isFive ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1,
                        chosen,
                        clock.epochMillis());
        return switch (written) {
            case Written.Ready ready -> new PublishImage(ready.message(), isFive);
            case Written.Expired _, Written.NoTopic _ -> null;
        };
    }
}
