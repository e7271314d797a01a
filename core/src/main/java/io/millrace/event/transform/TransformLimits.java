package io.millrace.event.transform;

/// How much one run of a transform may use. Steps and size give the same answer however busy the
/// machine is; the time is the last resort.
///
/// @param stepsMax how many parts of the expression are evaluated, each pass of a loop anew
/// @param depthMax how deep evaluations may nest
/// @param sizeMax of any value, intermediate ones and the result included, in characters of text
///   plus values; all values of a run together may have four times as much
/// @param timeMillisMax by the machine's clock
public record TransformLimits(int stepsMax, int depthMax, int sizeMax, long timeMillisMax) {
    public static final TransformLimits DEFAULT = new TransformLimits(100_000, 400, 1 << 20, 5_000);

    public TransformLimits {
        if (stepsMax < 1 || depthMax < 1 || sizeMax < 1 || timeMillisMax < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
