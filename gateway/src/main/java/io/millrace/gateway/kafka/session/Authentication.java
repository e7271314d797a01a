package io.millrace.gateway.kafka.session;

import io.millrace.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// How one connection finds out who is at the other end. Owned by the connection's event loop.
///
/// Until there is a principal, only ApiVersions, SaslHandshake and SaslAuthenticate are answered.
/// The session calls [#respond] once at a time, and never again once there is a principal.
public interface Authentication {
    /// Who it is; `null` as long as nobody has proved to be anyone.
    @Nullable Principal principal();

    /// The SASL mechanisms that can be chosen, in Kafka's names; empty if SASL is not spoken here.
    List<String> mechanisms();

    /// Begins with a mechanism.
    ///
    /// @return `false` if it is none of [#mechanisms]
    boolean choose(String mechanism);

    /// Takes what the client says.
    ///
    /// @return the step that follows, on any thread; fails with an UNAUTHENTICATED
    ///   [io.millrace.error.MillraceException], whose details the client is told
    CompletableFuture<Step> respond(byte[] response);

    /// What the server says.
    ///
    /// @param challenge for the client; empty if there is nothing to say
    /// @param principal who it is if that is clear now
    /// @param lifetimeMillis how long that holds; 0 for as long as the connection does
    record Step(byte[] challenge, @Nullable Principal principal, long lifetimeMillis) {}

    /// Makes one for each connection. Thread-safe.
    interface Factory {
        /// @param address of the client, as `/127.0.0.1`
        Authentication begin(String address);

        /// Whether SASL is spoken, so that its requests are advertised.
        boolean speaksSasl();
    }
}
