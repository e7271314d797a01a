package io.millrace.gateway.mqtt.session;

import io.millrace.security.Principal;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// How one connection finds out who is at the other end: by user name and password, or by a method
/// of enhanced authentication (MQTT 5.0, section 4.12). Owned by the connection's event loop, which
/// asks one thing at a time.
public interface Authentication {
    /// Begins.
    ///
    /// @return on any thread; fails with a [Refused] that says what the client is told
    CompletableFuture<Step> begin(Connect connect);

    /// Takes what the client says next, or what it begins anew with.
    ///
    /// @return as above
    CompletableFuture<Step> proceed(boolean isAnew, byte @Nullable [] data);

    /// What the server says.
    sealed interface Step {
        /// The client has to answer.
        record Challenge(byte[] data) implements Step {}

        /// It is clear who it is.
        ///
        /// @param data for the client; `null` for none
        record Granted(Principal principal, byte @Nullable [] data) implements Step {}
    }

    /// Makes one for each connection. Thread-safe.
    @FunctionalInterface
    interface Factory {
        /// @param address of the client, as `/127.0.0.1`
        Authentication begin(String address);
    }

    /// Lets everybody in as the same principal; knows no methods.
    static Factory none(Principal principal) {
        return _ ->
                new Authentication() {
                    @Override
                    public CompletableFuture<Step> begin(Connect connect) {
                        String method = connect.authenticationMethod();
                        return method == null
                                ? CompletableFuture.completedFuture(
                                        new Step.Granted(principal, null))
                                : CompletableFuture.failedFuture(
                                        new Refused(
                                                ReasonCode.BAD_AUTHENTICATION_METHOD,
                                                "no authentication method is known here"));
                    }

                    @Override
                    public CompletableFuture<Step> proceed(boolean isAnew, byte @Nullable [] data) {
                        return CompletableFuture.failedFuture(
                                new Refused(
                                        ReasonCode.PROTOCOL_ERROR,
                                        "there is nothing to authenticate"));
                    }
                };
    }
}
