package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.wire.KafkaErrors;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// SASL's two requests (KIP-43, KIP-152), in their order. Owned by the connection's event loop.
final class SaslExchange {
    private final Authentication authentication;
    private boolean chosen;
    private boolean busy;

    SaslExchange(Authentication authentication) {
        this.authentication = authentication;
    }

    boolean takes(ApiKeys api) {
        return api == ApiKeys.SASL_HANDSHAKE || api == ApiKeys.SASL_AUTHENTICATE;
    }

    /// Whether a step is in progress: nothing else is taken until it is clear who it is.
    boolean isBusy() {
        return busy;
    }

    void take(ApiMessage message, Exchange exchange) {
        switch (message) {
            case SaslHandshakeRequestData handshake -> exchange.send(handshake(handshake));
            case SaslAuthenticateRequestData step -> authenticate(step, exchange);
            default -> exchange.close("it is no request of SASL");
        }
    }

    private SaslHandshakeResponseData handshake(SaslHandshakeRequestData request) {
        Errors error;
        if (authentication.principal() != null || chosen) {
            error = Errors.ILLEGAL_SASL_STATE;
        } else if (authentication.choose(request.mechanism())) {
            chosen = true;
            error = Errors.NONE;
        } else {
            error = Errors.UNSUPPORTED_SASL_MECHANISM;
        }
        return new SaslHandshakeResponseData()
                .setErrorCode(error.code())
                .setMechanisms(authentication.mechanisms());
    }

    private void authenticate(SaslAuthenticateRequestData request, Exchange exchange) {
        if (!chosen || authentication.principal() != null) {
            exchange.send(
                    new SaslAuthenticateResponseData()
                            .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                            .setErrorMessage("a mechanism has to be chosen first, once"));
            return;
        }
        busy = true;
        var _ =
                authentication
                        .respond(request.authBytes())
                        .whenComplete((step, problem) ->
                                exchange.onLoop(() -> stepped(exchange, step, problem)));
    }

    private void stepped(
            Exchange exchange, Authentication.@Nullable Step step, @Nullable Throwable problem) {
        busy = false;
        if (step != null) {
            exchange.send(
                    new SaslAuthenticateResponseData()
                            .setAuthBytes(step.challenge())
                            .setSessionLifetimeMs(step.lifetimeMillis()));
            return;
        }
        // Whoever failed begins with a new connection, as every attempt shall cost something.
        exchange.sendLast(
                new SaslAuthenticateResponseData()
                        .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                        .setErrorMessage(
                                problem == null
                                        ? Errors.SASL_AUTHENTICATION_FAILED.message()
                                        : KafkaErrors.message(problem)));
    }
}
