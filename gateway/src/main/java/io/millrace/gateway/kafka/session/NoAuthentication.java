package io.millrace.gateway.kafka.session;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Takes everyone for one principal; for a server without authentication.
///
/// @param principal who everyone is
public record NoAuthentication(Principal principal)
        implements Authentication, Authentication.Factory {
    @Override
    public List<String> mechanisms() {
        return List.of();
    }

    @Override
    public boolean choose(String mechanism) {
        return false;
    }

    @Override
    public CompletableFuture<Step> respond(byte[] response) {
        return CompletableFuture.failedFuture(
                new MillraceException(
                        ErrorCode.UNAUTHENTICATED, "this server does not speak SASL"));
    }

    @Override
    public Authentication begin(String address) {
        return this;
    }

    @Override
    public boolean speaksSasl() {
        return false;
    }
}
