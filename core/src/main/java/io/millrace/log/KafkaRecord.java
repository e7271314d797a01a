package io.millrace.log;

import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.log.batch.Varint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The record of an event that came from a Kafka client's record: its key and headers are restored.
/// Such events are few on the way in, so this is not made for speed.
final class KafkaRecord {
    private final Event event;
    private final @Nullable Bytes key;
    private final List<KafkaHeaders.Header> headers = new ArrayList<>();

    KafkaRecord(Event event, Context context, Marks marks) {
        this.event = event;
        Map<String, AttributeValue> attributes = new LinkedHashMap<>(event.extensions());
        Bytes kept = key(attributes.get(EventRecords.KAFKA_KEY));
        if (kept != null) {
            attributes.remove(EventRecords.KAFKA_KEY);
        }
        String partitionKey = event.partitionKey();
        this.key = kept != null || partitionKey == null ? kept : Bytes.utf8(partitionKey);
        AttributeValue listed = attributes.get(KafkaHeaders.EXTENSION);
        List<KafkaHeaders.Header> own =
                listed == null ? null : KafkaHeaders.parse(listed.canonical());
        if (own != null) {
            attributes.remove(KafkaHeaders.EXTENSION);
        }
        add(EventRecords.CONTEXT, context.path());
        attribute("specversion", "1.0");
        add(Marks.HEADER, marks.text());
        attribute("id", event.id());
        attribute("source", event.source());
        attribute("type", event.type());
        attribute("subject", event.subject());
        Timestamp time = event.time();
        attribute("time", time == null ? null : time.text());
        add(EventRecords.CONTENT_TYPE, event.dataContentType());
        attribute("dataschema", event.dataSchema());
        attributes.forEach((name, value) -> attribute(name, value.canonical()));
        add(EventRecords.TYPES, EventRecords.types(attributes));
        if (own != null) {
            headers.addAll(own);
        }
    }

    /// JSON has no binary values: there the key is its Base64 text.
    private static @Nullable Bytes key(@Nullable AttributeValue value) {
        return switch (value) {
            case BinaryValue(Bytes bytes) -> bytes;
            case StringValue(String text) -> KafkaHeaders.decoded(text);
            case null, default -> null;
        };
    }

    private void attribute(String name, @Nullable String text) {
        add(EventRecords.PREFIX + name, text);
    }

    private void add(String name, @Nullable String text) {
        if (text != null) {
            headers.add(new KafkaHeaders.Header(name, Bytes.utf8(text)));
        }
    }

    RecordBody encode() {
        List<Bytes> names = new ArrayList<>(headers.size());
        int size = size(key) + size(event.data()) + Varint.size(headers.size());
        for (KafkaHeaders.Header header : headers) {
            Bytes name = Bytes.utf8(header.name());
            names.add(name);
            size += size(name) + size(header.value());
        }
        byte[] target = new byte[size];
        int at = write(target, 0, key);
        at = write(target, at, event.data());
        at = Varint.write(target, at, headers.size());
        for (int i = 0; i < names.size(); i++) {
            at = write(target, at, names.get(i));
            at = write(target, at, headers.get(i).value());
        }
        return new RecordBody(target);
    }

    private static int size(@Nullable Bytes bytes) {
        return bytes == null ? 1 : Varint.size(bytes.length()) + bytes.length();
    }

    private static int write(byte[] target, int at, @Nullable Bytes bytes) {
        if (bytes == null) {
            return Varint.write(target, at, -1);
        }
        int position = Varint.write(target, at, bytes.length());
        bytes.copyTo(target, position);
        return position + bytes.length();
    }
}
