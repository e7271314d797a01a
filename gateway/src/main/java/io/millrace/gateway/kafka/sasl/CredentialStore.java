package io.millrace.gateway.kafka.sasl;

import io.millrace.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Knows who can prove to be whom. Thread-safe; all but [#mechanisms] may wait.
public interface CredentialStore {
    /// What can be proved with what is kept here; the connection offers no other mechanism.
    Set<SaslMechanism> mechanisms();

    /// Checks a password, for [SaslMechanism#PLAIN]. Takes as long for a user who does not exist.
    ///
    /// @return who it is, `null` if the user does not exist or has another password
    @Nullable Principal checkPassword(String user, String password);

    /// For [SaslMechanism#SCRAM_SHA_256].
    ///
    /// @return `null` if there is no such user, or none who can prove it in this way
    @Nullable ScramCredential scram(String user);

    /// Checks a token, for [SaslMechanism#OAUTHBEARER].
    ///
    /// @param token as it was sent; nothing is known about it
    /// @return who it is, `null` if the token is not valid
    @Nullable Principal checkToken(String token);
}
