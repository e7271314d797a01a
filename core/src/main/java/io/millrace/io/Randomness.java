package io.millrace.io;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Chance that the system gives.
public final class Randomness {
    private Randomness() {}

    /// For what shall not happen together; not for secrets. For all threads.
    public static RandomGenerator system() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /// For secrets: nobody can tell what comes from what came. For all threads.
    public static RandomGenerator unguessable() {
        return new SecureRandom();
    }
}
