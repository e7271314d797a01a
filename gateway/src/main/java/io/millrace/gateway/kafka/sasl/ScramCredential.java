package io.millrace.gateway.kafka.sasl;

import io.millrace.event.Bytes;
import io.millrace.security.Principal;
import java.security.MessageDigest;

/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, section 3): enough to check a
/// proof, too little to make one.
///
/// @param storedKey hash of the client's key
/// @param serverKey with which the server proves that it knows the user
/// @param iterations 4096 to 100000; Kafka's clients refuse fewer, and with more they are slow
public record ScramCredential(
        Principal principal, Bytes salt, Bytes storedKey, Bytes serverKey, int iterations) {
    public static final int ITERATIONS_MIN = 4096;
    public static final int ITERATIONS_MAX = 100_000;

    public ScramCredential {
        if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "iterations must be %d to %d, but are %d"
                            .formatted(ITERATIONS_MIN, ITERATIONS_MAX, iterations));
        }
    }

    /// Makes what is to be kept of a password. Takes its time.
    public static ScramCredential of(
            Principal principal, String password, Bytes salt, int iterations) {
        byte[] salted = ScramHash.salted(password, salt.toArray(), iterations);
        return new ScramCredential(
                principal,
                salt,
                Bytes.wrap(ScramHash.storedKey(salted)),
                Bytes.wrap(ScramHash.serverKey(salted)),
                iterations);
    }

    /// Whether this was made of a password. Takes its time, the same for each password.
    public boolean matches(String password) {
        byte[] salted = ScramHash.salted(password, salt.toArray(), iterations);
        return MessageDigest.isEqual(ScramHash.storedKey(salted), storedKey.toArray());
    }

    /// Nothing of what is secret.
    @Override
    public String toString() {
        return "ScramCredential[" + principal.name() + "]";
    }
}
