package io.millrace.gateway.kafka.group.offset;

import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;

/// A committed offset.
///
/// @param position of the next record that the group reads
/// @param leaderEpoch as the client gave it; -1 for none
/// @param metadata the client's own; empty for none
/// @param committedAt milliseconds since 1970
/// @param expiresAt as an older client wished, milliseconds since 1970; -1 for the group's own rule
public record Offset(
        long position, int leaderEpoch, String metadata, long committedAt, long expiresAt) {
    void writeTo(RowWriter row) {
        row.number(position).number(leaderEpoch).text(metadata);
        row.number(committedAt).number(expiresAt);
    }

    static Offset readFrom(RowReader row) {
        return new Offset(row.number(), row.integer(), row.text(), row.number(), row.number());
    }
}
