package io.millrace.gateway.kafka.sasl;

import io.millrace.gateway.kafka.session.Authentication;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/// Begins the authentication of each connection by SASL. Thread-safe.
public final class SaslGate implements Authentication.Factory {
    private final CredentialStore store;
    private final ScramDecoys decoys;
    private final RandomGenerator random;
    private final Semaphore checks;

    /// @param random unguessable
    /// @param checksMax credentials that are checked at the same time
    public SaslGate(
            CredentialStore store, ScramDecoys decoys, RandomGenerator random, int checksMax) {
        this.store = store;
        this.decoys = decoys;
        this.random = random;
        this.checks = new Semaphore(checksMax, true);
    }

    @Override
    public Authentication begin(String address) {
        return new SaslAuthentication(store, decoys, random, checks);
    }

    /// Without credentials there is nothing to speak about.
    @Override
    public boolean speaksSasl() {
        return !store.mechanisms().isEmpty();
    }
}
