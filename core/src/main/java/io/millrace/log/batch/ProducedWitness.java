package io.millrace.log.batch;

/// The flush witness of a producer's batch, in one byte: how many offsets before the batch the
/// durable part of the log ended, rounded up by at most an eighth. It claims too little rather than
/// too much.
///
/// 0 belongs to the log's own batches, 1 claims nothing, 2 to 17 are the distances 0 to 15, and
/// from there on eight codes divide each power of two.
final class ProducedWitness {
    private static final int NO_CLAIM = 1;
    private static final int FIRST = 2;
    private static final int EXACT = 16;
    private static final int STEPS = 8;
    private static final int STEP_BITS = 3;

    private ProducedWitness() {}

    /// @param distance negative if nothing is to be claimed
    static int code(long distance) {
        if (distance < 0 || distance > Integer.MAX_VALUE) {
            return NO_CLAIM;
        }
        if (distance < EXACT) {
            return FIRST + (int) distance;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(distance);
        int shift = exponent - STEP_BITS;
        // 8 to 16, of which 16 is the first step of the next power
        int steps = (int) ((distance + (1L << shift) - 1) >> shift);
        return FIRST + EXACT + (exponent - STEP_BITS - 1) * STEPS + steps - STEPS;
    }

    /// @return at least the distance that the code was made for; -1 if it claims nothing
    static long distance(int code) {
        if (code < FIRST + EXACT) {
            return (long) code - FIRST;
        }
        int step = code - FIRST - EXACT;
        return (long) (STEPS + step % STEPS) << (step / STEPS + 1);
    }
}
