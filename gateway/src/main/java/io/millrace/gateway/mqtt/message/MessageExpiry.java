package io.millrace.gateway.mqtt.message;

import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The message expiry interval (MQTT 5.0, section 3.3.2.3.3) and the extension `expirytime`.
final class MessageExpiry {
    private static final String EXTENSION = "expirytime";

    private MessageExpiry() {}

    /// An event that says itself when it expires knows better.
    static void addTo(EventBuilder event, MessageProperties properties, long nowMillis) {
        Long seconds = properties.expirySeconds();
        if (seconds != null && !event.has(EXTENSION)) {
            Instant expires = Instant.ofEpochMilli(nowMillis).plusSeconds(seconds);
            event.extension(EXTENSION, new TimestampValue(Timestamp.of(expires)));
        }
    }

    /// When the event may not be sent any more, in milliseconds since 1970; [Long#MAX_VALUE] for
    /// never, also where the extension is no time.
    static long millis(Event event) {
        AttributeValue value =
                event.extensions().isEmpty() ? null : event.extensions().get(EXTENSION);
        return switch (value) {
            case null -> Long.MAX_VALUE;
            case TimestampValue(Timestamp time) -> time.instant().toEpochMilli();
            case AttributeValue.StringValue(String text) -> parsed(text);
            case AttributeValue.BooleanValue _, AttributeValue.IntegerValue _ -> Long.MAX_VALUE;
            case AttributeValue.BinaryValue _, AttributeValue.UriValue _ -> Long.MAX_VALUE;
            case AttributeValue.UriReferenceValue _ -> Long.MAX_VALUE;
        };
    }

    private static long parsed(String text) {
        try {
            return Timestamp.parse(EXTENSION, text).instant().toEpochMilli();
        } catch (MillraceException _) {
            return Long.MAX_VALUE;
        }
    }

    static boolean isOf(String extension) {
        return extension.equals(EXTENSION);
    }

    /// The seconds until then, begun ones included, so that what is sent is never over already;
    /// `null` if they are more than the property can hold.
    static @Nullable Long secondsLeft(long expiresMillis, long nowMillis) {
        long seconds = Math.ceilDiv(expiresMillis - nowMillis, 1_000L);
        return seconds > MessageProperties.EXPIRY_SECONDS_MAX ? null : seconds;
    }
}
