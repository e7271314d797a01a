package io.millrace.query.sql.function;

/// How far a value lies from the values before it, in a way that a few wild ones among these do not
/// change: the distance to the median in units of the median absolute deviation, read as a t value.
final class RobustScore {
    /// Makes the median absolute deviation of normal noise its standard deviation.
    private static final double NORMAL_MAD = 1.4826;

    /// The same for the mean absolute deviation.
    private static final double NORMAL_MEAN_DEVIATION = 1.2533;

    /// The deviation is known about as well as from 37 values in 100 whose square is taken.
    private static final double MAD_EFFICIENCY = 0.37;

    private RobustScore() {}

    /// @param sorted ascending
    /// @param size how many of them count, at least 1
    /// @return positive above the median, infinite if all values are one and this is another
    static double of(double value, double[] sorted, int size) {
        double median = median(sorted, size);
        double scale = NORMAL_MAD * size / (size - 0.8) * deviation(sorted, size, median);
        if (scale == 0) {
            // More than half of the values are one, as with switches and counters.
            scale = NORMAL_MEAN_DEVIATION * meanDeviation(sorted, size, median);
        }
        double away = value - median;
        if (scale == 0) {
            return away == 0 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, away);
        }
        // The median is itself an estimate.
        return away / (scale * Math.sqrt(1 + Math.PI / 2 / size));
    }

    /// @return the probability of a value at least that far up, or down if `t` is negative
    static double tail(double t, int size) {
        double degrees = Math.max(5, MAD_EFFICIENCY * size);
        double distance = Math.abs(t);
        return Double.isInfinite(distance) ? 0 : Probability.studentTail(distance, degrees);
    }

    private static double median(double[] sorted, int size) {
        int half = size / 2;
        return size % 2 == 1
                ? sorted[half]
                : sorted[half - 1] + (sorted[half] - sorted[half - 1]) / 2;
    }

    /// The median of the distances from the median, found by walking away from it on both sides.
    private static double deviation(double[] sorted, int size, double median) {
        int above = size / 2;
        int below = above - 1;
        double before = 0;
        double distance = 0;
        for (int i = 0; i <= size / 2; i++) {
            before = distance;
            boolean up =
                    below < 0 || (above < size && sorted[above] - median <= median - sorted[below]);
            distance = up ? sorted[above++] - median : median - sorted[below--];
        }
        return size % 2 == 1 ? distance : (before + distance) / 2;
    }

    private static double meanDeviation(double[] sorted, int size, double median) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.abs(sorted[i] - median);
        }
        return sum / size;
    }
}
