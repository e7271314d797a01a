package io.millrace.stream;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.shard.Partition;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The next offset to read in every partition that a reader covers, by stream. Immutable.
///
/// As text: `events.1:12.40.7.9`, several streams joined by `;` in the order of their names. `-`
/// stands for a partition that is not covered. The number behind the name is the stream's
/// incarnation: a position in a stream that was deleted says nothing about a later one of its name.
/// Without the number it holds for any.
public final class Position {
    /// Marks a partition that the position says nothing about.
    public static final long UNKNOWN = -1;

    private static final int TEXT_MAX = 8192;

    private final SortedMap<String, long[]> offsets;

    private Position(SortedMap<String, long[]> offsets) {
        this.offsets = offsets;
    }

    /// @param offsets by [Partition#streamId], indexed by partition; copied
    public static Position of(Map<String, long[]> offsets) {
        TreeMap<String, long[]> copy = new TreeMap<>();
        offsets.forEach((stream, next) -> copy.put(stream, next.clone()));
        return new Position(copy);
    }

    /// @throws MillraceException with REQUEST_INVALID naming `from`
    public static Position parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw malformed("is longer than %d characters".formatted(TEXT_MAX));
        }
        TreeMap<String, long[]> offsets = new TreeMap<>();
        for (String part : text.split(";", -1)) {
            int colon = part.indexOf(':');
            if (colon < 1) {
                throw malformed("is not a position");
            }
            String[] numbers = part.substring(colon + 1).split("\\.", -1);
            long[] next = new long[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                next[i] = number(numbers[i]);
            }
            offsets.put(part.substring(0, colon), next);
        }
        return new Position(offsets);
    }

    private static long number(String text) {
        if (text.equals("-")) {
            return UNKNOWN;
        }
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > 18) {
            throw malformed("is not a position");
        }
        return Long.parseLong(text);
    }

    private static MillraceException malformed(String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, "from", detail);
    }

    /// The next offset of a partition, or [#UNKNOWN].
    public long next(Partition partition) {
        long @Nullable [] next = offsets.get(partition.streamId());
        if (next == null) {
            next = offsets.get(partition.stream());
        }
        int number = partition.number();
        return next == null || number >= next.length ? UNKNOWN : next[number];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(32);
        print(offsets, text);
        return text.toString();
    }

    /// Writes offsets by stream as the text of a position.
    public static void print(SortedMap<String, long[]> offsets, StringBuilder text) {
        for (Map.Entry<String, long[]> entry : offsets.entrySet()) {
            text.append(text.isEmpty() ? "" : ";").append(entry.getKey());
            long[] next = entry.getValue();
            for (int i = 0; i < next.length; i++) {
                text.append(i == 0 ? ':' : '.');
                if (next[i] == UNKNOWN) {
                    text.append('-');
                } else {
                    text.append(next[i]);
                }
            }
        }
    }

    /// Tells whether nothing is covered.
    public boolean isEmpty() {
        return offsets.isEmpty();
    }

    /// The numbers of the one stream of that name, for tests and displays.
    public long[] offsets(String stream) {
        for (Map.Entry<String, long[]> entry : offsets.entrySet()) {
            String key = entry.getKey();
            int dot = key.indexOf('.');
            if (stream.equals(dot < 0 ? key : key.substring(0, dot))) {
                return entry.getValue().clone();
            }
        }
        return new long[0];
    }
}
