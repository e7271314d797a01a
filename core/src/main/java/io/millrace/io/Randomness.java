package io.millrace.io;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Chance, where nobody is to guess or to repeat it: for what shall not happen together. Not for
/// secrets.
public final class Randomness {
    private Randomness() {}

    /// For all threads.
    public static RandomGenerator system() {
        return () -> ThreadLocalRandom.current().nextLong();
    }
}
