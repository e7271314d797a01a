package io.millrace.bench.kafka;

/// What one round has shown.
///
/// @param perSecond records a second
/// @param serverSeconds processor time of the server for a million records
/// @param clientSeconds processor time of this process for a million records
/// @param p50Millis latency, where it was measured, else 0
/// @param p99Millis latency, where it was measured, else 0
record Outcome(
        double perSecond,
        double serverSeconds,
        double clientSeconds,
        double p50Millis,
        double p99Millis) {
    static final double MILLION = 1_000_000;
}
