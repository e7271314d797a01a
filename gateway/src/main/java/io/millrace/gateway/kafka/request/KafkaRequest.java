package io.millrace.gateway.kafka.request;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// One request, decoded.
///
/// @param version of the API, one that is advertised
/// @param clientId as the client calls itself; not unique
/// @param message the request's data, such as `MetadataRequestData`
/// @param peer who asks
public record KafkaRequest(
        ApiKeys api, short version, @Nullable String clientId, ApiMessage message, Peer peer) {}
