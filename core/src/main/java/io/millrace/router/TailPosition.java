package io.millrace.router;

import io.millrace.shard.Partition;
import io.millrace.stream.Position;
import java.util.Arrays;
import java.util.HashMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The position of a tail as it moves, written as [Position] is. Owned by the tail's thread.
final class TailPosition {
    private final TreeMap<String, long[]> offsets = new TreeMap<>();

    /// The one stream of each name that counts, as positions name it.
    private final HashMap<String, String> ids = new HashMap<>();

    private final StringBuilder text = new StringBuilder(48);

    /// Sets the next offset of a partition. If its stream is another one than before of that name,
    /// that one is forgotten.
    void next(Partition partition, long offset) {
        String before = ids.put(partition.stream(), partition.streamId());
        if (before != null && !before.equals(partition.streamId())) {
            offsets.remove(before);
        }
        set(partition.streamId(), partition.number(), offset);
    }

    /// The same for a stream that is known.
    void next(String stream, int partition, long offset) {
        set(ids.getOrDefault(stream, stream), partition, offset);
    }

    private void set(String id, int partition, long offset) {
        long @Nullable [] known = offsets.get(id);
        if (known == null || partition >= known.length) {
            int length = known == null ? 0 : known.length;
            long[] longer =
                    known == null ? new long[partition + 1] : Arrays.copyOf(known, partition + 1);
            Arrays.fill(longer, length, longer.length, Position.UNKNOWN);
            offsets.put(id, longer);
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
        long @Nullable [] known = offsets.get(partition.streamId());
        int number = partition.number();
        return known == null || number >= known.length ? Position.UNKNOWN : known[number];
    }

    String text() {
        text.setLength(0);
        Position.print(offsets, text);
        return text.toString();
    }
}
