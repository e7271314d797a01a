package io.millrace.gateway.kafka.group.offset;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The offsets of some neighbouring partitions of a topic, which are one row of the table, so that
/// neither a commit of one partition writes much nor a commit of all many rows. Only for the
/// coordinator's thread.
final class OffsetBlock {
    static final int PARTITIONS = 16;
    private static final int ROW_VERSION = 1;
    private static final long NONE = Long.MIN_VALUE;

    private long[] positions = {};
    private int[] leaderEpochs = {};
    private long[] committedAt = {};

    /// Most groups have none, and no times of their own.
    private @Nullable String @Nullable [] metadata;

    private long @Nullable [] expiresAt;

    @Nullable Offset get(int index) {
        if (index >= positions.length || positions[index] == NONE) {
            return null;
        }
        String text = metadata == null || index >= metadata.length ? null : metadata[index];
        long expires = expiresAt == null || index >= expiresAt.length ? -1 : expiresAt[index];
        return new Offset(
                positions[index],
                leaderEpochs[index],
                text == null ? "" : text,
                committedAt[index],
                expires);
    }

    void set(int index, Offset offset) {
        if (index >= positions.length) {
            int old = positions.length;
            positions = Arrays.copyOf(positions, index + 1);
            Arrays.fill(positions, old, index + 1, NONE);
            leaderEpochs = Arrays.copyOf(leaderEpochs, index + 1);
            committedAt = Arrays.copyOf(committedAt, index + 1);
        }
        positions[index] = offset.position();
        leaderEpochs[index] = offset.leaderEpoch();
        committedAt[index] = offset.committedAt();
        @Nullable String @Nullable [] texts = metadata;
        if (texts != null || !offset.metadata().isEmpty()) {
            texts = texts == null ? new @Nullable String[PARTITIONS] : texts;
            texts[index] = offset.metadata().isEmpty() ? null : offset.metadata();
            metadata = texts;
        }
        long @Nullable [] times = expiresAt;
        if (times != null || offset.expiresAt() >= 0) {
            if (times == null) {
                times = new long[PARTITIONS];
                Arrays.fill(times, -1);
            }
            times[index] = offset.expiresAt();
            expiresAt = times;
        }
    }

    void clear(int index) {
        if (index < positions.length) {
            positions[index] = NONE;
        }
    }

    boolean isEmpty() {
        return Arrays.stream(positions).allMatch(position -> position == NONE);
    }

    Bytes row(UUID topic) {
        RowWriter row = new RowWriter(ROW_VERSION).id(topic);
        for (int i = 0; i < positions.length; i++) {
            Offset offset = get(i);
            if (offset != null) {
                row.number(i);
                offset.writeTo(row);
            }
        }
        return row.number(-1).done();
    }

    /// @return the topic's id
    UUID restore(Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        UUID topic = row.id();
        for (int index = row.integer(); index >= 0; index = row.integer()) {
            set(index, Offset.readFrom(row));
        }
        return topic;
    }
}
