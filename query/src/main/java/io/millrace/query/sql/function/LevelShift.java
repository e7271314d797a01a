package io.millrace.query.sql.function;

/// Whether the level of a series has changed somewhere within it: the CUSUM test.
///
/// The largest departure of the running sum from the straight line to its end is compared with what
/// a Brownian bridge does. Readings follow one another closely, so the noise is not that of single
/// values but the long-run one, under the assumption that each carries a part of the one before.
final class LevelShift {
    /// A level has so many values at least, as a single wild one is no new level.
    static final int LEVEL_MIN = 5;

    private static final double CARRY_MAX = 0.97;

    private final double probability;
    private final int at;

    private LevelShift(double probability, int at) {
        this.probability = probability;
        this.at = at;
    }

    /// How likely the series would look so if there were no change.
    double probability() {
        return probability;
    }

    /// The index of the first value of the new level.
    int at() {
        return at;
    }

    /// @param values at least twice [#LEVEL_MIN] of them
    static LevelShift in(double[] values, int size) {
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += values[i];
        }
        double mean = total / size;
        double sum = 0;
        double widest = 0;
        double sumThere = 0;
        int at = LEVEL_MIN;
        for (int i = 0; i < size - LEVEL_MIN; i++) {
            sum += values[i] - mean;
            if (i + 1 >= LEVEL_MIN && Math.abs(sum) > widest) {
                widest = Math.abs(sum);
                sumThere = sum;
                at = i + 1;
            }
        }
        double before = mean + sumThere / at;
        double after = mean - sumThere / (size - at);
        double noise = longRunDeviation(values, size, at, before, after);
        double tiny = 1e-12 * (Math.abs(before) + Math.abs(after));
        if (Math.abs(after - before) <= tiny) {
            return new LevelShift(1, at);
        }
        double departure = widest / (Math.sqrt(size) * noise);
        return new LevelShift(noise <= tiny ? 0 : Probability.bridgeTail(departure), at);
    }

    /// The deviation that sums of the values have, per root of their number, around the two levels.
    private static double longRunDeviation(
            double[] values, int size, int at, double before, double after) {
        double squares = 0;
        double products = 0;
        double last = 0;
        for (int i = 0; i < size; i++) {
            double rest = values[i] - (i < at ? before : after);
            squares += rest * rest;
            products += rest * last;
            last = rest;
        }
        if (squares == 0) {
            return 0;
        }
        double carry = products / squares;
        // What is carried over looks less than it is in a short series with two levels taken out.
        carry = Math.clamp(carry + (2 + 4 * carry) / size, 0.0, CARRY_MAX);
        double variance = squares / (size - 2);
        return Math.sqrt(variance * (1 + carry) / (1 - carry));
    }
}
