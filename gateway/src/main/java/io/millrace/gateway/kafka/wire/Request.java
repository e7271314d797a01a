package io.millrace.gateway.kafka.wire;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// A request as it came, decoded.
///
/// @param correlation the client's number for it, which the answer repeats
/// @param message its data; `null` only if an ApiVersions request has a version that is not known
/// @param frame the bytes that it came in, which its records are slices of
/// @param memory about the bytes that it takes in memory, its frame included
public record Request(
        ApiKeys api,
        short version,
        int correlation,
        @Nullable String clientId,
        @Nullable ApiMessage message,
        byte[] frame,
        long memory) {}
