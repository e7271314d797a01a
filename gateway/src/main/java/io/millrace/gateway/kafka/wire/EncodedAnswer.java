package io.millrace.gateway.kafka.wire;

import java.util.List;

/// An answer as it goes to the client, its length first: bytes, and between them stored records.
///
/// @param bytes everything but the records
/// @param splices where the records belong, in order; to be closed by whoever sends them or not
public record EncodedAnswer(byte[] bytes, List<Splice> splices) {
    /// @param at the number of `bytes` that go before the records
    public record Splice(int at, StoredRecords records) {}

    /// Bytes on the wire.
    public long size() {
        long size = bytes.length;
        for (Splice splice : splices) {
            size += splice.records.sizeInBytes();
        }
        return size;
    }

    /// Lets the files go.
    public void close() {
        splices.forEach(splice -> splice.records.close());
    }
}
