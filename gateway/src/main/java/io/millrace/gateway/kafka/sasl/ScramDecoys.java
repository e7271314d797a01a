package io.millrace.gateway.kafka.sasl;

import io.millrace.event.Bytes;
import io.millrace.security.Principal;
import java.util.Arrays;

/// Credentials of users who do not exist: the same salt each time one is asked for, so that nobody
/// can tell them from those who do. No proof fits them. Thread-safe.
///
/// @param secret from which salts are made; the same after a restart, or a restart would tell
/// @param iterations as many as real credentials have
public record ScramDecoys(Bytes secret, int iterations) {
    private static final int SALT_BYTES = 16;

    ScramCredential of(String user) {
        byte[] made = ScramHash.hmac(secret.toArray(), ScramHash.utf8("salt " + user));
        byte[] key = ScramHash.hmac(secret.toArray(), ScramHash.utf8("key " + user));
        return new ScramCredential(
                new Principal("nobody"),
                Bytes.wrap(Arrays.copyOf(made, SALT_BYTES)),
                Bytes.wrap(key),
                Bytes.wrap(key),
                iterations);
    }

    /// Nothing of what is secret.
    @Override
    public String toString() {
        return "ScramDecoys";
    }
}
