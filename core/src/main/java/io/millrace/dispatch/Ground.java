package io.millrace.dispatch;

import io.millrace.io.Clock;
import io.millrace.io.Threading;
import java.util.random.RandomGenerator;

/// What dispatchers stand on.
///
/// @param threading for what is due later, and for what may take its time
/// @param random for the jitter of retries; for all threads
public record Ground(Clock clock, Threading threading, RandomGenerator random) {}
