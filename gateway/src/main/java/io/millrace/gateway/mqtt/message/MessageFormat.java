package io.millrace.gateway.mqtt.message;

import org.jspecify.annotations.Nullable;

/// How a subscriber wants to get events.
public enum MessageFormat {
    /// What came as a plain message goes out as it came; events go in binary mode to MQTT 5.0, in
    /// structured mode to MQTT 3.1.1.
    AUTO,
    /// The data alone; on MQTT 5.0 with the properties of a message, but no attributes.
    RAW,
    /// Structured mode of the CloudEvents binding: the payload is the event in the JSON format.
    STRUCTURED,
    /// Binary mode of the CloudEvents binding: attributes in user properties, data in the payload.
    /// What does not fit goes out in structured mode, and so does everything on MQTT 3.1.1.
    BINARY;

    /// The format that a word asks for: `auto`, `raw`, `structured` or `binary`; `null` if it is
    /// none of them.
    public static @Nullable MessageFormat of(String word) {
        return switch (word) {
            case "auto" -> AUTO;
            case "raw" -> RAW;
            case "structured" -> STRUCTURED;
            case "binary" -> BINARY;
            default -> null;
        };
    }
}
