package io.millrace.log;

import io.millrace.event.Bytes;
import io.millrace.log.batch.RecordView;
import io.millrace.log.batch.Varint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record without its place: the key, value and headers of Kafka's record format v2, encoded,
/// from the key's length to the last header. The log puts length, attributes, timestamp delta and
/// offset delta before it.
///
/// Encoding happens on the publisher's thread, so that the shard only copies.
///
/// @param bytes the encoded body; nobody writes to it any more
public record RecordBody(byte[] bytes) {
    /// A record with a value, without key and headers.
    public static RecordBody of(byte[] value) {
        byte[] body = new byte[2 + Varint.size(value.length) + value.length];
        int at = Varint.write(body, 0, -1);
        at = Varint.write(body, at, value.length);
        System.arraycopy(value, 0, body, at, value.length);
        Varint.write(body, at + value.length, 0);
        return new RecordBody(body);
    }

    /// What is before a body that stands alone: attributes, timestamp delta and offset delta, all
    /// of them 0.
    private static final int PLACE_BYTES = 3;

    /// Encodes a record of any kind.
    ///
    /// @param value `null` for a tombstone in a compacted log
    public static RecordBody of(Bytes key, @Nullable Bytes value, List<RecordHeader> headers) {
        int size =
                sized(key.length())
                        + (value == null ? 1 : sized(value.length()))
                        + Varint.size(headers.size());
        List<Bytes> names = new ArrayList<>(headers.size());
        for (RecordHeader header : headers) {
            Bytes name = Bytes.wrap(header.name().getBytes(StandardCharsets.UTF_8));
            names.add(name);
            size += sized(name.length()) + sized(header.value().length());
        }
        byte[] target = new byte[size];
        int at = write(target, 0, key);
        at = value == null ? Varint.write(target, at, -1) : write(target, at, value);
        at = Varint.write(target, at, headers.size());
        for (int i = 0; i < names.size(); i++) {
            at = write(target, at, names.get(i));
            at = write(target, at, headers.get(i).value());
        }
        return new RecordBody(target);
    }

    private static int sized(int length) {
        return Varint.size(length) + length;
    }

    private static int write(byte[] target, int at, Bytes bytes) {
        int position = Varint.write(target, at, bytes.length());
        bytes.copyTo(target, position);
        return position + bytes.length();
    }

    /// The headers, decoded.
    public List<RecordHeader> headers() {
        int length = PLACE_BYTES + bytes.length;
        byte[] alone = new byte[Varint.size(length) + length];
        int at = Varint.write(alone, 0, length) + PLACE_BYTES;
        System.arraycopy(bytes, 0, alone, at, bytes.length);
        RecordView view = new RecordView(alone);
        view.moveTo(0, 0, 0);
        List<RecordHeader> headers = new ArrayList<>();
        view.forEachHeader((name, value) ->
                headers.add(new RecordHeader(name, value == null ? Bytes.EMPTY : value)));
        return headers;
    }
}
