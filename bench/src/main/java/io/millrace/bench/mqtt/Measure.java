package io.millrace.bench.mqtt;

/// One figure that a round has found.
///
/// @param what it says, as `p99` or `server CPU for a million`
/// @param unit behind the value
record Measure(String what, double value, String unit) {}
