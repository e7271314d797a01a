package io.millrace.cursor;

import java.util.Arrays;

/// A heap of pairs of numbers, the smallest first, in two arrays. Not thread-safe.
final class LongHeap {
    private static final long[] NONE = new long[0];

    private long[] ranks = NONE;
    private long[] values = NONE;
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void add(long rank, long value) {
        if (size == ranks.length) {
            ranks = Arrays.copyOf(ranks, Math.max(16, 2 * size));
            values = Arrays.copyOf(values, Math.max(16, 2 * size));
        }
        int at = size++;
        while (at > 0) {
            int above = (at - 1) >>> 1;
            if (!isLess(rank, value, above)) {
                break;
            }
            ranks[at] = ranks[above];
            values[at] = values[above];
            at = above;
        }
        ranks[at] = rank;
        values[at] = value;
    }

    private boolean isLess(long rank, long value, int than) {
        return rank < ranks[than] || (rank == ranks[than] && value < values[than]);
    }

    long rank(int at) {
        return ranks[at];
    }

    long value(int at) {
        return values[at];
    }

    /// Takes the smallest away.
    void remove() {
        size--;
        long rank = ranks[size];
        long value = values[size];
        int at = 0;
        while (true) {
            int below = 2 * at + 1;
            if (below >= size) {
                break;
            }
            if (below + 1 < size && isLess(ranks[below + 1], values[below + 1], below)) {
                below++;
            }
            if (isLess(rank, value, below)) {
                break;
            }
            ranks[at] = ranks[below];
            values[at] = values[below];
            at = below;
        }
        ranks[at] = rank;
        values[at] = value;
    }

    /// Visits entries from the smallest on, equal ones once, without changing anything; costs what
    /// it visits.
    void visit(Visitor visitor) {
        if (size == 0) {
            return;
        }
        // The next smallest is always a child of one that was visited.
        PositionOrder order = new PositionOrder();
        order.add(0);
        int last = -1;
        while (!order.isEmpty()) {
            int at = order.take();
            boolean isRepeated = last >= 0 && !isLess(ranks[last], values[last], at);
            last = at;
            if (!isRepeated && !visitor.visit(ranks[at], values[at])) {
                return;
            }
            for (int below = 2 * at + 1; below <= 2 * at + 2 && below < size; below++) {
                order.add(below);
            }
        }
    }

    /// Looks at one entry.
    interface Visitor {
        /// @return whether to go on
        boolean visit(long rank, long value);
    }

    /// Positions of this heap in the order of their entries.
    private final class PositionOrder {
        private int[] positions = new int[16];
        private int count;

        boolean isEmpty() {
            return count == 0;
        }

        void add(int position) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, 2 * count);
            }
            int at = count++;
            while (at > 0) {
                int above = (at - 1) >>> 1;
                if (!less(position, positions[above])) {
                    break;
                }
                positions[at] = positions[above];
                at = above;
            }
            positions[at] = position;
        }

        private boolean less(int one, int other) {
            return isLess(ranks[one], values[one], other);
        }

        int take() {
            int first = positions[0];
            int last = positions[--count];
            int at = 0;
            while (2 * at + 1 < count) {
                int below = 2 * at + 1;
                if (below + 1 < count && less(positions[below + 1], positions[below])) {
                    below++;
                }
                if (!less(positions[below], last)) {
                    break;
                }
                positions[at] = positions[below];
                at = below;
            }
            positions[at] = last;
            return first;
        }
    }
}
