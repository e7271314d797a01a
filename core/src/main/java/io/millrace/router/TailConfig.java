package io.millrace.router;

/// Bounds of one tail.
///
/// @param eventsMax live events that may wait for the reader
/// @param bytesMax bytes of data among them
/// @param partitionsMax partitions up to which positions are given, so that the reader can resume
public record TailConfig(int eventsMax, long bytesMax, int partitionsMax) {
    public static final TailConfig DEFAULT = new TailConfig(16_384, 16 << 20, 64);

    public TailConfig {
        if (eventsMax < 1 || bytesMax < 1 || partitionsMax < 1) {
            throw new IllegalArgumentException("a tail's bounds must be positive");
        }
    }
}
