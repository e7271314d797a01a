package io.millrace.system.mqtt;

import org.jspecify.annotations.Nullable;

/// How a client connects.
///
/// @param persistent whether to go on with the session of that client id, and to keep it for an
///   hour (on 3.1.1 for as long as the server likes)
/// @param will published by the server if the connection breaks
record Session(String clientId, boolean persistent, @Nullable Message will) {
    static final long EXPIRY_SECONDS = 3_600;

    static Session clean(String clientId) {
        return new Session(clientId, false, null);
    }

    static Session persistent(String clientId) {
        return new Session(clientId, true, null);
    }
}
