package io.millrace.query.sql.function;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The last values of a series, the oldest first; what an anomaly function keeps between rows.
///
/// Flink takes rows that leave a bounded window out again. The oldest leaves first, so a history
/// has only to count how many the window holds, and to be no longer than that.
public final class History {
    private static final int START_CAPACITY = 16;

    private double[] ring = new double[START_CAPACITY];
    private int head;
    private int size;
    private long inWindow;

    /// The same values in ascending order, made when first asked for and kept up from then on.
    private double @Nullable [] sorted;

    /// What the current row is answered with.
    private boolean answered;

    private double score = Double.NaN;
    private boolean anomaly;

    public int size() {
        return size;
    }

    /// @param i 0 is the oldest
    public double get(int i) {
        int at = head + i;
        return ring[at < ring.length ? at : at - ring.length];
    }

    void add(double value) {
        if (size == ring.length) {
            ring = inOrder(Math.max(START_CAPACITY, 2 * size));
            head = 0;
        }
        int at = head + size;
        ring[at < ring.length ? at : at - ring.length] = value;
        if (sorted != null) {
            insertSorted(value);
        }
        size++;
    }

    /// Forgets the oldest until at most so many are left.
    void keep(int sizeMax) {
        while (size > Math.max(0, sizeMax)) {
            double oldest = ring[head];
            if (sorted != null) {
                removeSorted(oldest);
            }
            head = head + 1 == ring.length ? 0 : head + 1;
            size--;
        }
    }

    /// The values, the oldest first, and room behind them up to the capacity.
    private double[] inOrder(int capacity) {
        double[] values = new double[capacity];
        copyTo(values);
        return values;
    }

    void copyTo(double[] target) {
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, target, 0, first);
        System.arraycopy(ring, 0, target, first, size - first);
    }

    /// The values in ascending order; only the first [#size()] count, and they are not to be
    /// changed.
    double[] sorted() {
        if (sorted == null) {
            sorted = inOrder(ring.length);
            Arrays.sort(sorted, 0, size);
        }
        return sorted;
    }

    private void insertSorted(double value) {
        double[] target = sorted();
        int found = Arrays.binarySearch(target, 0, size, value);
        int at = found < 0 ? -found - 1 : found;
        if (size == target.length) {
            target = Arrays.copyOf(target, ring.length);
            sorted = target;
        }
        System.arraycopy(target, at, target, at + 1, size - at);
        target[at] = value;
    }

    private void removeSorted(double value) {
        double[] target = sorted();
        int at = Arrays.binarySearch(target, 0, size, value);
        System.arraycopy(target, at + 1, target, at, size - at - 1);
    }

    /// A value comes into the window.
    void enter() {
        inWindow++;
    }

    /// The oldest value leaves the window, and the history if it is there still.
    void leave() {
        inWindow = Math.max(0, inWindow - 1);
        keep((int) Math.min(inWindow, Integer.MAX_VALUE));
    }

    long inWindow() {
        return inWindow;
    }

    /// The current row has no value, so there is no answer for it.
    void answerNone() {
        answered = false;
    }

    /// @param probability [Double#NaN] while there are too few values to tell
    void answer(double probability, boolean isAnomaly) {
        answered = true;
        score = probability;
        anomaly = isAnomaly;
    }

    boolean answered() {
        return answered;
    }

    double score() {
        return score;
    }

    boolean anomaly() {
        return anomaly;
    }

    /// Takes over what was counted when this history was written.
    void restore(long count) {
        inWindow = count;
    }
}
