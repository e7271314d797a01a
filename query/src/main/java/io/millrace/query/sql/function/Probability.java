package io.millrace.query.sql.function;

/// Tail probabilities of the distributions that the anomaly functions compare with.
final class Probability {
    private static final double SQRT_PI = Math.sqrt(Math.PI);

    private Probability() {}

    /// The share of a standard normal distribution that lies beyond `z` >= 0, on one side.
    static double normalTail(double z) {
        return erfc(z / Math.sqrt(2)) / 2;
    }

    /// The share of Student's t distribution that lies beyond `t` >= 0, on one side; by Wallace's
    /// approximation, which is within some hundredths of the value from 5 degrees of freedom on.
    static double studentTail(double t, double degrees) {
        double z = Math.sqrt(degrees * Math.log1p(t * t / degrees));
        return normalTail(z * (8 * degrees + 1) / (8 * degrees + 3));
    }

    /// The probability that a Brownian bridge goes beyond `x` in either direction; Kolmogorov's
    /// distribution.
    static double bridgeTail(double x) {
        if (x < 0.3) {
            return 1;
        }
        double sum = 0;
        double sign = 1;
        for (int k = 1; k <= 20; k++) {
            double term = Math.exp(-2.0 * k * k * x * x);
            sum += sign * term;
            sign = -sign;
            if (term < 1e-17) {
                break;
            }
        }
        return Math.clamp(2 * sum, 0.0, 1.0);
    }

    /// For x >= 0: the series near 0, the continued fraction further out, where 1 - erf would leave
    /// no digits.
    private static double erfc(double x) {
        return x < 2 ? 1 - series(x) : fraction(x);
    }

    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
            if (n > 100) {
                break;
            }
        }
        return 2 / SQRT_PI * sum;
    }

    private static double fraction(double x) {
        double below = x;
        for (int k = 60; k >= 1; k--) {
            below = x + k / 2.0 / below;
        }
        return Math.exp(-x * x) / SQRT_PI / below;
    }
}
