package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.request.RequestHandler;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// A part of the gateway that answers some kinds of requests.
///
/// @param handlers by kind
/// @param newest for some of them, the newest version that is understood, if that is not the newest
///   that there is
/// @param features levels of features that clients look for, such as `group.version`
record KafkaRoom(
        Map<ApiKeys, RequestHandler> handlers,
        Map<ApiKeys, Short> newest,
        Map<String, Short> features) {
    /// A room with all versions and no features.
    static KafkaRoom of(Map<ApiKeys, RequestHandler> handlers) {
        return new KafkaRoom(handlers, Map.of(), Map.of());
    }
}
