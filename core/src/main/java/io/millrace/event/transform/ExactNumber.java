package io.millrace.event.transform;

import java.math.BigDecimal;

/// A number of the data that is not simply an integer of up to 53 bits. It keeps its text, so that
/// what is only passed on does not change; it takes part in computation only if the evaluator's
/// doubles can hold its value.
final class ExactNumber extends Number implements Comparable<ExactNumber> {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final BigDecimal value;
    private final double nearest;
    private final boolean computable;

    /// @throws NumberFormatException if the exponent is out of the range of [BigDecimal]
    ExactNumber(String text) {
        this.text = text;
        this.value = new BigDecimal(text);
        this.nearest = value.doubleValue();
        this.computable =
                Double.isFinite(nearest)
                        && (value.signum() == 0 || nearest != 0)
                        && new BigDecimal(Double.toString(nearest)).compareTo(value) == 0
                        && (Math.abs(nearest) <= JsonValues.SAFE_INTEGER_MAX);
    }

    /// @throws OutOfBounds if a double would be another number
    @Override
    public double doubleValue() {
        if (!computable) {
            throw new OutOfBounds(
                    "the number "
                            + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                            + " has more digits than can be computed with; it can only be passed"
                            + " on, or be text in the data");
        }
        return nearest;
    }

    @Override
    public float floatValue() {
        return (float) doubleValue();
    }

    @Override
    public long longValue() {
        return (long) doubleValue();
    }

    @Override
    public int intValue() {
        return (int) doubleValue();
    }

    @Override
    public int compareTo(ExactNumber other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExactNumber that && value.compareTo(that.value) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(nearest);
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }
}
