package io.millrace.router;

import io.millrace.shard.Partition;
import io.millrace.stream.Position;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The position of a tail as it moves, written as [Position] is. Owned by the tail's thread.
final class TailPosition {
    private final TreeMap<String, long[]> offsets = new TreeMap<>();
    private final StringBuilder text = new StringBuilder(48);

    void next(Partition partition, long offset) {
        next(partition.stream(), partition.number(), offset);
    }

    void next(String stream, int partition, long offset) {
        long @Nullable [] known = offsets.get(stream);
        if (known == null || partition >= known.length) {
            int length = known == null ? 0 : known.length;
            long[] longer =
                    known == null ? new long[partition + 1] : Arrays.copyOf(known, partition + 1);
            Arrays.fill(longer, length, longer.length, Position.UNKNOWN);
            offsets.put(stream, longer);
            known = longer;
        }
        known[partition] = offset;
    }

    void atLeast(Partition partition, long offset) {
        if (offset > nextOf(partition)) {
            next(partition, offset);
        }
    }

    long nextOf(Partition partition) {
        return nextOf(partition.stream(), partition.number());
    }

    long nextOf(String stream, int partition) {
        long @Nullable [] known = offsets.get(stream);
        return known == null || partition >= known.length ? Position.UNKNOWN : known[partition];
    }

    String text() {
        text.setLength(0);
        Position.print(offsets, text);
        return text.toString();
    }
}
