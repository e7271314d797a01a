package io.millrace.gateway.kafka.sasl;

import org.jspecify.annotations.Nullable;

/// The ways in which a client can prove who it is.
public enum SaslMechanism {
    /// RFC 4616: the password itself; only where the connection is encrypted.
    PLAIN("PLAIN"),
    /// RFC 5802, RFC 7677: that the client knows the password, without saying it.
    SCRAM_SHA_256("SCRAM-SHA-256"),
    /// RFC 7628: a token that somebody else has given out.
    OAUTHBEARER("OAUTHBEARER");

    private final String protocolName;

    SaslMechanism(String protocolName) {
        this.protocolName = protocolName;
    }

    /// As it is registered and as clients ask for it.
    public String protocolName() {
        return protocolName;
    }

    static @Nullable SaslMechanism of(String protocolName) {
        for (SaslMechanism each : values()) {
            if (each.protocolName.equals(protocolName)) {
                return each;
            }
        }
        return null;
    }
}
