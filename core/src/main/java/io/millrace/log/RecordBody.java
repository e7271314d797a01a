package io.millrace.log;

import io.millrace.log.batch.Varint;

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
}
