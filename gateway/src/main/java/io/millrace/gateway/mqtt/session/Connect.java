package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.message.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/// What a client says when it connects (MQTT 5.0, section 3.1), checked, with what follows from the
/// server's limits.
///
/// @param isAssigned whether the server has chosen the client identifier
/// @param expirySeconds how long the session outlives the connection; [ClientSession#NEVER] for
///   ever
/// @param isExpiryOwn whether that is not what the client asked for
/// @param keepAliveSeconds 0 for any silence
/// @param isKeepAliveOwn whether that is not what the client asked for
/// @param windowMax messages that may be under way to it
/// @param packetBytesMax the largest packet that it takes
/// @param aliasesMax topic aliases that it takes
/// @param authenticationMethod `null` for user name and password
public record Connect(
        ProtocolVersion version,
        String clientId,
        boolean isAssigned,
        boolean isClean,
        long expirySeconds,
        boolean isExpiryOwn,
        int keepAliveSeconds,
        boolean isKeepAliveOwn,
        int windowMax,
        long packetBytesMax,
        int aliasesMax,
        boolean wantsResponseInformation,
        boolean wantsProblemInformation,
        @Nullable Will will,
        @Nullable String userName,
        byte @Nullable [] password,
        @Nullable String authenticationMethod,
        byte @Nullable [] authenticationData) {
    /// Whether it speaks MQTT 5.0.
    public boolean isFive() {
        return version == ProtocolVersion.V5;
    }
}
