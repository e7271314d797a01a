package io.millrace.log;

/// A record without its place: the key, value and headers of Kafka's record format v2, encoded,
/// from the key's length to the last header. The log puts length, attributes, timestamp delta and
/// offset delta before it.
///
/// Encoding happens on the publisher's thread, so that the shard only copies.
///
/// @param bytes the encoded body; nobody writes to it any more
public record RecordBody(byte[] bytes) {}
