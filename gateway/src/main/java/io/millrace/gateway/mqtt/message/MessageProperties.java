package io.millrace.gateway.mqtt.message;

import io.millrace.event.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The properties of a message that go from publisher to subscriber (MQTT 5.0, section 3.3.2.3);
/// those of one connection, such as topic alias and subscription identifier, are not among them.
///
/// @param payloadFormat 0 for bytes, 1 for UTF-8 text; `null` if the publisher did not say
/// @param expirySeconds how long the message may still wait, 0 to 4,294,967,295; `null` for ever
/// @param contentType any text, usually a media type
/// @param responseTopic where an answer is expected
/// @param correlationData what the answer has to repeat
/// @param userProperties in their order
public record MessageProperties(
        @Nullable Integer payloadFormat,
        @Nullable Long expirySeconds,
        @Nullable String contentType,
        @Nullable String responseTopic,
        @Nullable Bytes correlationData,
        List<UserProperty> userProperties) {
    /// The largest number of seconds that the property can hold.
    public static final long EXPIRY_SECONDS_MAX = 0xFFFF_FFFFL;

    /// What messages of MQTT 3.1.1 have.
    public static final MessageProperties NONE =
            new MessageProperties(null, null, null, null, null, List.of());

    /// The same with another time to wait.
    public MessageProperties withExpirySeconds(@Nullable Long seconds) {
        return new MessageProperties(
                payloadFormat,
                seconds,
                contentType,
                responseTopic,
                correlationData,
                userProperties);
    }
}
