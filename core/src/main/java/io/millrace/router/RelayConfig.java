package io.millrace.router;

/// Bounds of one relay.
///
/// @param bytesMax of events that wait to be drained; what comes beyond is left out, which the
///   reader is told
public record RelayConfig(long bytesMax) {
    public static final RelayConfig DEFAULT = new RelayConfig(32L << 20);

    public RelayConfig {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("a relay's bounds must be positive");
        }
    }
}
