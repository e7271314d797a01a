package io.millrace.log;

/// Where a read puts what it finds. A reused one belongs to one thread.
public final class ReadBuffer {
    private final int bytesMax;
    private final boolean isReused;
    private byte[] bytes = {};

    private ReadBuffer(int bytesMax, boolean isReused) {
        this.bytesMax = bytesMax;
        this.isReused = isReused;
    }

    /// Memory of its own for each read.
    public static ReadBuffer fresh(int bytesMax) {
        return new ReadBuffer(bytesMax, false);
    }

    /// The same memory for all reads: a slice ends with the next one.
    public static ReadBuffer reused(int bytesMax) {
        return new ReadBuffer(bytesMax, true);
    }

    /// How many bytes of batches are wanted at most.
    public int bytesMax() {
        return bytesMax;
    }

    /// An array of at least so many bytes.
    public byte[] take(int atLeast) {
        if (!isReused) {
            return new byte[atLeast];
        }
        if (bytes.length < atLeast) {
            bytes = new byte[atLeast];
        }
        return bytes;
    }
}
