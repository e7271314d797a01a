package io.millrace.gateway.mqtt.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import org.jspecify.annotations.Nullable;

/// Topic names (MQTT 5.0, section 4.7): the topic `t` is the context `/t`, exactly.
public final class TopicName {
    private TopicName() {}

    /// The context of a topic.
    ///
    /// @throws MillraceException CONTEXT_INVALID if it is no topic name, having no character,
    ///   wildcards or U+0000, or can be no [Context]
    public static Context context(String topic) {
        if (topic.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.CONTEXT_INVALID, "topic", "a topic name has at least one character");
        }
        // A context has no wildcards and no control characters either.
        return Context.of("/" + topic);
    }

    /// The topic of a context; `null` for `/`, and for a context of old that no topic can stand
    /// for.
    public static @Nullable String of(Context context) {
        String path = context.path();
        boolean none =
                path.length() == 1
                        || path.indexOf('+') >= 0
                        || path.indexOf('#') >= 0
                        || path.indexOf('\0') >= 0;
        return none ? null : path.substring(1);
    }

    /// Whether an answer may be sent there: a topic name that an attribute can hold. Unlike the
    /// topic of a message it need not be a context, as the answer may go elsewhere.
    static boolean isResponseTopic(String topic) {
        return !topic.isEmpty()
                && topic.indexOf('+') < 0
                && topic.indexOf('#') < 0
                && MqttText.isAttribute(topic)
                && MqttText.fits(topic);
    }
}
