package io.millrace.log;

import io.millrace.event.AttributeType;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.log.batch.Utf8;
import io.millrace.log.batch.Varint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events as records, and records as events. An event is written in the binary mode of the
/// CloudEvents Kafka binding (section 3.2), with the context in the header `context`; any record
/// that a Kafka client wrote is read as an event, see [EventDecoder].
///
/// An attribute is the header `ce_` + name with its canonical text, `datacontenttype` the header
/// `content-type`, the data the value; absent data is a null value. The record's key is the
/// `partitionkey` if there is one, else `null`, or the context in a compacted log. Kafka's binding
/// carries text only, so a header `types` names the extensions that are no strings, such as
/// `n=integer,b=boolean`; it is there only when there are any. The extensions `kafkakey` and
/// `kafkaheaders` of an event that came from a record become its key and headers again. A header
/// `marks`, see [Marks], is there only when it says something.
///
/// Stateless; any thread.
public final class EventRecords {
    static final String CONTEXT = "context";
    static final String TYPES = "types";
    static final String CONTENT_TYPE = "content-type";
    static final String PREFIX = "ce_";
    static final String KAFKA_KEY = "kafkakey";

    private EventRecords() {}

    /// An event with the context it was recorded in, and what its publisher said about it.
    public record Recorded(Context context, Event event, Marks marks) {}

    /// Encodes an event, with one allocation of exactly the right size.
    ///
    /// @param compacted whether the log keeps the latest record of each key, so that every record
    ///   needs one
    public static RecordBody encode(Event event, Context context, boolean compacted) {
        return encode(event, context, compacted, Marks.NONE);
    }

    /// Encodes an event with what its publisher said about it.
    public static RecordBody encode(Event event, Context context, boolean compacted, Marks marks) {
        Map<String, AttributeValue> all = event.extensions();
        if (all.containsKey(KAFKA_KEY) || all.containsKey(KafkaHeaders.EXTENSION)) {
            return new KafkaRecord(event, context, marks).encode();
        }
        return encodeAsIs(event, context, compacted, marks);
    }

    /// Encodes an event with all its extensions as attributes, for a place that no Kafka client
    /// reads; [#decodeOwn] gives it back.
    public static RecordBody encodeAsIs(Event event, Context context, boolean compacted) {
        return encodeAsIs(event, context, compacted, Marks.NONE);
    }

    private static RecordBody encodeAsIs(
            Event event, Context context, boolean compacted, Marks marks) {
        String partitionKey = event.partitionKey();
        String key = partitionKey == null && compacted ? context.path() : partitionKey;
        Map<String, AttributeValue> extensions = event.extensions();
        String types = extensions.isEmpty() ? null : types(extensions);
        Bytes data = event.data();
        int keyBytes = key == null ? -1 : Utf8.length(key);
        int size =
                Varint.size(keyBytes)
                        + Math.max(0, keyBytes)
                        + (data == null ? 1 : Varint.size(data.length()) + data.length())
                        + headersSize(event, context, types, marks);
        byte[] target = new byte[size];
        int at = Varint.write(target, 0, keyBytes);
        if (key != null) {
            at = Utf8.write(key, target, at, keyBytes);
        }
        at = Varint.write(target, at, data == null ? -1 : data.length());
        if (data != null) {
            data.copyTo(target, at);
            at += data.length();
        }
        HeaderWriter headers = new HeaderWriter(target, at);
        headers.count(headerCount(event, types, marks));
        headers.add(Names.CONTEXT, context.path());
        headers.add(Names.SPECVERSION, "1.0");
        headers.addIfThere(Names.MARKS, marks.text());
        headers.add(Names.ID, event.id());
        headers.add(Names.SOURCE, event.source());
        headers.add(Names.TYPE, event.type());
        headers.addIfThere(Names.SUBJECT, event.subject());
        headers.addIfThere(Names.TIME, text(event.time()));
        headers.addIfThere(Names.CONTENT_TYPE, event.dataContentType());
        headers.addIfThere(Names.DATASCHEMA, event.dataSchema());
        if (!extensions.isEmpty()) {
            for (Map.Entry<String, AttributeValue> extension : extensions.entrySet()) {
                headers.addExtension(extension.getKey(), extension.getValue().canonical());
            }
            headers.addIfThere(Names.TYPES, types);
        }
        return new RecordBody(target);
    }

    private static @Nullable String text(@Nullable Timestamp time) {
        return time == null ? null : time.text();
    }

    private static int headerCount(Event event, @Nullable String types, Marks marks) {
        return 5
                + (event.subject() == null ? 0 : 1)
                + (event.time() == null ? 0 : 1)
                + (event.dataContentType() == null ? 0 : 1)
                + (event.dataSchema() == null ? 0 : 1)
                + event.extensions().size()
                + (types == null ? 0 : 1)
                + (marks.text() == null ? 0 : 1);
    }

    private static int headersSize(
            Event event, Context context, @Nullable String types, Marks marks) {
        int size =
                Varint.size(headerCount(event, types, marks))
                        + headerSize(Names.CONTEXT, context.path())
                        + headerSize(Names.SPECVERSION, "1.0")
                        + headerSize(Names.MARKS, marks.text())
                        + headerSize(Names.ID, event.id())
                        + headerSize(Names.SOURCE, event.source())
                        + headerSize(Names.TYPE, event.type())
                        + headerSize(Names.SUBJECT, event.subject())
                        + headerSize(Names.TIME, text(event.time()))
                        + headerSize(Names.CONTENT_TYPE, event.dataContentType())
                        + headerSize(Names.DATASCHEMA, event.dataSchema());
        if (!event.extensions().isEmpty()) {
            for (Map.Entry<String, AttributeValue> extension : event.extensions().entrySet()) {
                int name = PREFIX.length() + extension.getKey().length();
                int value = Utf8.length(extension.getValue().canonical());
                size += Varint.size(name) + name + Varint.size(value) + value;
            }
            size += headerSize(Names.TYPES, types);
        }
        return size;
    }

    private static int headerSize(byte[] name, @Nullable String value) {
        if (value == null) {
            return 0;
        }
        int length = Utf8.length(value);
        return name.length + Varint.size(length) + length;
    }

    /// The names with their lengths before them, as they stand in a record.
    private static final class Names {
        static final byte[] CONTEXT = name(EventRecords.CONTEXT);
        static final byte[] SPECVERSION = name("ce_specversion");
        static final byte[] MARKS = name(Marks.HEADER);
        static final byte[] ID = name("ce_id");
        static final byte[] SOURCE = name("ce_source");
        static final byte[] TYPE = name("ce_type");
        static final byte[] SUBJECT = name("ce_subject");
        static final byte[] TIME = name("ce_time");
        static final byte[] DATASCHEMA = name("ce_dataschema");
        static final byte[] CONTENT_TYPE = name(EventRecords.CONTENT_TYPE);
        static final byte[] TYPES = name(EventRecords.TYPES);
        static final byte[] PREFIX = EventRecords.PREFIX.getBytes(StandardCharsets.US_ASCII);

        private Names() {}

        private static byte[] name(String text) {
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            byte[] name = new byte[Varint.size(ascii.length) + ascii.length];
            int at = Varint.write(name, 0, ascii.length);
            System.arraycopy(ascii, 0, name, at, ascii.length);
            return name;
        }
    }

    /// Writes headers one after the other.
    private static final class HeaderWriter {
        private final byte[] target;
        private int at;

        HeaderWriter(byte[] target, int at) {
            this.target = target;
            this.at = at;
        }

        void count(int headers) {
            at = Varint.write(target, at, headers);
        }

        void addIfThere(byte[] name, @Nullable String value) {
            if (value != null) {
                add(name, value);
            }
        }

        void add(byte[] name, String value) {
            System.arraycopy(name, 0, target, at, name.length);
            at += name.length;
            value(value);
        }

        void addExtension(String name, String value) {
            int length = Names.PREFIX.length + name.length();
            at = Varint.write(target, at, length);
            System.arraycopy(Names.PREFIX, 0, target, at, Names.PREFIX.length);
            at += Names.PREFIX.length;
            at = Utf8.write(name, target, at, name.length());
            value(value);
        }

        private void value(String value) {
            int length = Utf8.length(value);
            at = Varint.write(target, at, length);
            at = Utf8.write(value, target, at, length);
        }
    }

    static @Nullable String types(Map<String, AttributeValue> extensions) {
        StringBuilder types = null;
        for (Map.Entry<String, AttributeValue> extension : extensions.entrySet()) {
            if (!(extension.getValue() instanceof StringValue)) {
                types = types == null ? new StringBuilder() : types.append(',');
                types.append(extension.getKey()).append('=');
                types.append(typeName(extension.getValue().type()));
            }
        }
        return types == null ? null : types.toString();
    }

    private static String typeName(AttributeType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "integer";
            case STRING -> "string";
            case BINARY -> "binary";
            case URI -> "uri";
            case URI_REFERENCE -> "urireference";
            case TIMESTAMP -> "timestamp";
        };
    }

    /// The context a record was recorded in, without decoding the rest: the one it names, if that
    /// is at or below the mount; else the one that its event's source stands for, if that is; else
    /// the mount.
    public static Context context(LogRecord record, EventOrigin origin) {
        Bytes named = record.header(CONTEXT);
        Context context = named == null ? null : recorded(named);
        if (context == null || !origin.mount().covers(context)) {
            context = RecordMode.sourceContext(record);
        }
        return context != null && origin.mount().covers(context) ? context : origin.mount();
    }

    /// What a record's event does to the one that is retained in its context, without decoding the
    /// rest. Records that others wrote are retained.
    public static Retain retain(LogRecord record) {
        return marks(record).retain();
    }

    /// What the publisher said about a record's event, without decoding the rest; nothing about
    /// records that others wrote.
    public static Marks marks(LogRecord record) {
        Bytes header = record.headerAt(Marks.INDEX, Marks.HEADER);
        boolean isOwn =
                header != null
                        && record.headerAt(0, CONTEXT) != null
                        && record.headerAt(1, "ce_specversion") != null;
        Marks marks = isOwn ? Marks.of(header) : null;
        return marks == null ? Marks.NONE : marks;
    }

    /// Whether a header `content-type` says that the value is an event in structured mode.
    public static boolean isStructured(Bytes contentType) {
        return RecordMode.isStructured(contentType);
    }

    /// The context that a source stands for; `null` if it is none.
    public static @Nullable Context contextOfSource(String source) {
        return RecordMode.ofSource(source);
    }

    private static @Nullable Context recorded(Bytes path) {
        return path.length() > 0 && path.at(0) == '/' ? Context.recorded(path.toUtf8()) : null;
    }

    /// The text of an attribute of an event that was written here, without decoding the rest;
    /// `null` if it is absent.
    public static @Nullable String attribute(LogRecord record, String name) {
        Bytes text = record.header(name.equals("datacontenttype") ? CONTENT_TYPE : PREFIX + name);
        return text == null ? null : text.toUtf8();
    }

    /// The header that an extension is in.
    public static String headerOf(String extension) {
        return PREFIX + extension;
    }

    /// Whether the record's event has none of certain extensions for sure, without decoding it.
    ///
    /// @param headers names from [#headerOf]
    public static boolean lacks(LogRecord record, List<String> headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (record.header(headers.get(i)) != null) {
                return false;
            }
        }
        Bytes type = record.header(CONTENT_TYPE);
        return type == null || !RecordMode.isStructured(type);
    }

    /// The whole event, with every attribute in the type in which it came. Every record is one.
    public static Recorded decode(LogRecord record, EventOrigin origin) {
        Event event = new EventDecoder(record, origin).decode();
        return new Recorded(context(record, origin), event, marks(record));
    }

    /// The event of a record that is not stored yet.
    ///
    /// @param idOfPlain the event's id where the record says nothing of events
    public static Event decode(LogRecord record, EventOrigin origin, String idOfPlain) {
        return new EventDecoder(record, origin, idOfPlain).decode();
    }

    /// The event of a record that was written with [#encodeAsIs], whatever key and further headers
    /// the record has.
    ///
    /// @throws io.millrace.error.MillraceException EVENT_INVALID if the record is no event
    public static Recorded decodeOwn(LogRecord record) {
        Event event = new AttributeReader(record).recorded();
        return new Recorded(ownContext(record), event, marks(record));
    }

    /// The context of a record that was written with [#encodeAsIs].
    public static Context ownContext(LogRecord record) {
        Bytes path = record.header(CONTEXT);
        return path == null ? Context.ROOT : Context.recorded(path.toUtf8());
    }
}
