package io.millrace.gateway.mqtt.message;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.MediaTypes;
import io.millrace.gateway.mqtt.message.PropertyExtensions.Carried;
import io.millrace.gateway.mqtt.message.Written.Expired;
import io.millrace.gateway.mqtt.message.Written.NoTopic;
import io.millrace.gateway.mqtt.message.Written.Ready;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes events as messages. Thread-safe. The result depends on nothing of the subscriber but
/// version and format, so that one serves many.
///
/// Binary mode carries text: extensions of other types come back as strings. All else comes back as
/// it was, and where binary mode cannot promise that, the event goes out in structured mode: values
/// of more than 65,535 bytes; absent data with a content type, or empty data without one; data that
/// is itself of a type `application/cloudevents…`; extensions that are named like those of
/// [PropertyExtensions] but are no properties; kept user properties that would be taken for
/// attributes.
public final class MessageWriter {
    private static final String STRUCTURED = MediaTypes.STRUCTURED_JSON + "; charset=utf-8";
    private static final Integer UTF8 = 1;

    private final JsonFormat json = new JsonFormat();
    private final PropertyExtensions extensions = new PropertyExtensions();

    /// @param nowMillis milliseconds since 1970
    public Written write(
            Event event,
            Context context,
            ProtocolVersion version,
            MessageFormat format,
            long nowMillis) {
        String topic = TopicName.of(context);
        if (topic == null) {
            return new NoTopic();
        }
        long expires = MessageExpiry.millis(event);
        if (expires <= nowMillis) {
            return new Expired();
        }
        Message message =
                switch (version) {
                    case V3_1_1 -> bare(topic, event, format);
                    case V5 -> {
                        boolean isForEver = expires == Long.MAX_VALUE;
                        Long seconds =
                                isForEver ? null : MessageExpiry.secondsLeft(expires, nowMillis);
                        yield withProperties(topic, event, format, seconds);
                    }
                };
        return new Ready(message, expires);
    }

    private Message bare(String topic, Event event, MessageFormat format) {
        boolean isRaw =
                switch (format) {
                    case AUTO -> PlainMessage.isOne(event);
                    case RAW -> true;
                    case STRUCTURED, BINARY -> false;
                };
        Bytes payload = isRaw ? data(event) : structured(event);
        return new Message(topic, payload, false, MessageProperties.NONE);
    }

    private Message withProperties(
            String topic, Event event, MessageFormat format, @Nullable Long seconds) {
        Carried carried = extensions.of(event);
        MessageFormat chosen =
                switch (format) {
                    case AUTO ->
                            PlainMessage.isOne(event) ? MessageFormat.RAW : MessageFormat.BINARY;
                    case RAW, STRUCTURED, BINARY -> format;
                };
        return switch (chosen) {
            case RAW -> new Message(topic, data(event), false, raw(event, carried, seconds));
            case AUTO, BINARY -> {
                List<UserProperty> attributes = BinaryMode.attributes(event, carried);
                yield attributes == null
                        ? structured(topic, event, carried, seconds)
                        : new Message(
                                topic,
                                data(event),
                                false,
                                new MessageProperties(
                                        carried.format(),
                                        seconds,
                                        event.dataContentType(),
                                        carried.responseTopic(),
                                        carried.correlation(),
                                        attributes));
            }
            case STRUCTURED -> structured(topic, event, carried, seconds);
        };
    }

    private Message structured(String topic, Event event, Carried carried, @Nullable Long seconds) {
        return new Message(
                topic,
                structured(event),
                false,
                new MessageProperties(
                        UTF8,
                        seconds,
                        STRUCTURED,
                        carried.responseTopic(),
                        carried.correlation(),
                        carried.userProperties()));
    }

    private static MessageProperties raw(Event event, Carried carried, @Nullable Long seconds) {
        String contentType =
                carried.contentType() == null ? event.dataContentType() : carried.contentType();
        if (contentType != null && !MqttText.fits(contentType)) {
            contentType = null;
        }
        if (carried.isNothing() && seconds == null && contentType == null) {
            return MessageProperties.NONE;
        }
        return new MessageProperties(
                carried.format(),
                seconds,
                contentType,
                carried.responseTopic(),
                carried.correlation(),
                carried.userProperties());
    }

    private static Bytes data(Event event) {
        Bytes data = event.data();
        return data == null ? Bytes.EMPTY : data;
    }

    private Bytes structured(Event event) {
        ByteSink out = new ByteSink(512 + data(event).length());
        json.write(event, out);
        return out.toBytes();
    }
}
