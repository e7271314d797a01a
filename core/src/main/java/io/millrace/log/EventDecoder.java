package io.millrace.log;

import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds one event from one record, whoever wrote it.
///
/// - **Binary mode**, with `ce_specversion`: the attributes are in the headers.
/// - **Structured mode**, with the content type `application/cloudevents+json`: the event is the
///   value.
/// - **Plain**, and what claims to be one of the others but is not valid: id
///   `<incarnation>-<partition>-<offset>`, source `urn:millrace:stream:<name>`, type
///   `io.millrace.kafka.record`, the record's time, its `content-type` or
///   `application/octet-stream`, and its value as data. So no record can hold up a reader.
///
/// The record's key is the `partitionkey` if it is text, else the extension `kafkakey`; headers
/// that are no attributes are in the extension `kafkaheaders`.
final class EventDecoder {
    private static final String PLAIN_TYPE = "io.millrace.kafka.record";
    private static final String PLAIN_SOURCE = "urn:millrace:stream:";
    private static final String BYTES = "application/octet-stream";
    private static final String PARTITION_KEY = "partitionkey";

    /// The last millisecond of the year 9999, behind which RFC 3339 writes nothing.
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private final LogRecord record;
    private final EventOrigin origin;
    private final @Nullable String idOfPlain;

    EventDecoder(LogRecord record, EventOrigin origin) {
        this(record, origin, null);
    }

    /// @param idOfPlain instead of the one that follows from the place
    EventDecoder(LogRecord record, EventOrigin origin, @Nullable String idOfPlain) {
        this.record = record;
        this.origin = origin;
        this.idOfPlain = idOfPlain;
    }

    private String plainId() {
        return idOfPlain != null
                ? idOfPlain
                : origin.incarnation() + "-" + origin.partition() + "-" + record.offset();
    }

    Event decode() {
        Event event = RecordMode.isBinary(record) ? binary() : structured();
        return event == null ? plain() : event;
    }

    /// What was written here was checked then, and stays what it is whatever the rules have become;
    /// what others wrote has to be valid now.
    private @Nullable Event binary() {
        AttributeReader headers = new AttributeReader(record);
        boolean isOwn = headers.isOwn();
        EventBuilder event = headers.event().data(record.value());
        addKey(event, isOwn);
        addHeaders(event, headers.foreign());
        try {
            return isOwn ? event.buildRecorded() : event.build();
        } catch (MillraceException _) {
            return null;
        }
    }

    private @Nullable Event structured() {
        Event read = RecordMode.structured(record);
        if (read == null) {
            return null;
        }
        List<KafkaHeaders.Header> others = new ArrayList<>();
        record.forEachHeader((name, value) -> {
            boolean isKnown =
                    name.equals(EventRecords.CONTEXT) || name.equals(EventRecords.CONTENT_TYPE);
            if (!isKnown) {
                others.add(header(name, value));
            }
        });
        if (record.key() == null && others.isEmpty()) {
            return read;
        }
        EventBuilder event = copy(read);
        addKey(event, false);
        addHeaders(event, others);
        try {
            return event.build();
        } catch (MillraceException _) {
            return null;
        }
    }

    private static EventBuilder copy(Event read) {
        EventBuilder event =
                Event.builder()
                        .id(read.id())
                        .source(read.source())
                        .type(read.type())
                        .subject(read.subject())
                        .time(read.time())
                        .dataContentType(read.dataContentType())
                        .dataSchema(read.dataSchema())
                        .data(read.data());
        read.extensions().forEach(event::extension);
        return event;
    }

    private static KafkaHeaders.Header header(String name, @Nullable Bytes value) {
        return new KafkaHeaders.Header(name, value == null ? null : Bytes.wrap(value.toArray()));
    }

    private Event plain() {
        List<KafkaHeaders.Header> others = new ArrayList<>();
        String[] contentType = new String[1];
        record.forEachHeader((name, value) -> {
            boolean isType = name.equals(EventRecords.CONTENT_TYPE) && contentType[0] == null;
            if (value != null && isType && isContentType(value.toUtf8())) {
                contentType[0] = value.toUtf8();
            } else if (!name.equals(EventRecords.CONTEXT)) {
                others.add(header(name, value));
            }
        });
        Bytes data = record.value();
        String byDefault = data == null ? null : BYTES;
        EventBuilder event =
                Event.builder()
                        .id(plainId())
                        .source(PLAIN_SOURCE + origin.stream())
                        .type(PLAIN_TYPE)
                        .dataContentType(contentType[0] == null ? byDefault : contentType[0])
                        .data(data);
        long millis = record.timestampMillis();
        if (millis >= 0 && millis <= MILLIS_MAX) {
            event.time(Timestamp.of(Instant.ofEpochMilli(millis)));
        }
        addKey(event, false);
        addHeaders(event, others);
        return event.buildRecorded();
    }

    private static boolean isContentType(String text) {
        try {
            Event.builder().id("1").source("/").type("t").dataContentType(text).build();
            return true;
        } catch (MillraceException _) {
            return false;
        }
    }

    /// The key that every record of a compacted log needs is the context, where the event has none.
    private void addKey(EventBuilder event, boolean isOwn) {
        Bytes key = record.key();
        if (key == null || event.has(EventRecords.KAFKA_KEY)) {
            return;
        }
        String text = KafkaHeaders.text(key);
        String known = event.text(PARTITION_KEY);
        if (text != null && text.equals(known)) {
            return;
        }
        if (known == null && text != null) {
            if (!isOwn || !text.equals(EventRecords.context(record, origin).path())) {
                event.extension(PARTITION_KEY, text);
            }
        } else {
            event.extension(EventRecords.KAFKA_KEY, new BinaryValue(Bytes.wrap(key.toArray())));
        }
    }

    private static void addHeaders(EventBuilder event, List<KafkaHeaders.Header> headers) {
        if (!headers.isEmpty() && !event.has(KafkaHeaders.EXTENSION)) {
            AttributeValue text = new AttributeValue.StringValue(KafkaHeaders.print(headers));
            event.extension(KafkaHeaders.EXTENSION, text);
        }
    }
}
