package io.millrace.gateway.kafka.sasl;

import io.millrace.gateway.kafka.session.Authentication;
import io.millrace.security.Principal;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Authentication of one connection by SASL. Who failed once has to connect anew.
final class SaslAuthentication implements Authentication {
    /// More than any token that is in use.
    private static final int RESPONSE_BYTES_MAX = 32 << 10;

    private static final int NONCE_BYTES = 24;

    private final CredentialStore store;
    private final ScramDecoys decoys;
    private final RandomGenerator random;
    private final Semaphore checks;

    private @Nullable Proof proof;
    private volatile @Nullable Principal principal;
    private volatile boolean hasFailed;

    /// @param checks to be acquired for each step
    SaslAuthentication(
            CredentialStore store, ScramDecoys decoys, RandomGenerator random, Semaphore checks) {
        this.store = store;
        this.decoys = decoys;
        this.random = random;
        this.checks = checks;
    }

    @Override
    public @Nullable Principal principal() {
        return principal;
    }

    @Override
    public List<String> mechanisms() {
        return Arrays.stream(SaslMechanism.values())
                .filter(store.mechanisms()::contains)
                .map(SaslMechanism::protocolName)
                .toList();
    }

    @Override
    public boolean choose(String name) {
        SaslMechanism mechanism = SaslMechanism.of(name);
        if (mechanism == null || !store.mechanisms().contains(mechanism)) {
            return false;
        }
        proof =
                switch (mechanism) {
                    case PLAIN -> new PlainProof(store);
                    case SCRAM_SHA_256 -> new ScramProof(store, decoys, nonce());
                    case OAUTHBEARER -> new BearerProof(store);
                };
        return true;
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public CompletableFuture<Step> respond(byte[] response) {
        Proof chosen = proof;
        if (chosen == null || hasFailed || principal != null) {
            return CompletableFuture.failedFuture(
                    Proof.malformed("no mechanism is chosen, or the exchange is over"));
        }
        if (response.length > RESPONSE_BYTES_MAX) {
            hasFailed = true;
            return CompletableFuture.failedFuture(
                    Proof.malformed(
                            "the client's message has %d bytes; at most %d are taken"
                                    .formatted(response.length, RESPONSE_BYTES_MAX)));
        }
        CompletableFuture<Step> result = new CompletableFuture<>();
        Thread.ofVirtual().name("kafka-sasl").start(() -> check(chosen, response, result));
        return result;
    }

    private void check(Proof chosen, byte[] response, CompletableFuture<Step> result) {
        // Checking a password is meant to cost something: strangers must not have all processors.
        checks.acquireUninterruptibly();
        Step step;
        try {
            step = chosen.respond(response);
        } catch (RuntimeException e) {
            hasFailed = true;
            result.completeExceptionally(e);
            return;
        } finally {
            checks.release();
        }
        principal = step.principal();
        result.complete(step);
    }
}
