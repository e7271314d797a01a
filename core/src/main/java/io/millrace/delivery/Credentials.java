package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

/// What a sink is shown, so that it takes deliveries (CloudEvents http-webhook.md, section 3).
public sealed interface Credentials {
    /// Nothing.
    record None() implements Credentials {}

    /// The same token each time (RFC 6750).
    record BearerToken(Secret token) implements Credentials {
        public BearerToken {
            if (!token.isPlaceholder() && !Credentials.isToken(token.reveal())) {
                throw new IllegalArgumentException(
                        "the token must be letters, digits and -._~+/ with = at its end only");
            }
        }
    }

    /// Tokens from an authorization server, for the client's own credentials (RFC 6749, section
    /// 4.4). The server is held to the same rules about addresses as a sink.
    ///
    /// @param scope what the token is to be good for; `null` for what the server gives by itself
    /// @param placement how the server wants the client's credentials
    record ClientCredentials(
            SinkAddress tokenAddress,
            String clientId,
            Secret clientSecret,
            @Nullable String scope,
            Placement placement)
            implements Credentials {}

    /// Where a client's credentials stand in its request (RFC 6749, section 2.3.1).
    enum Placement {
        /// In the `Authorization` header.
        BASIC,
        /// Among the parameters in the body.
        BODY
    }

    /// Whether a text can stand behind `Bearer` (RFC 6750, section 2.1).
    static boolean isToken(String text) {
        return text.matches("[A-Za-z0-9._~+/-]{1,16384}+=*");
    }
}
