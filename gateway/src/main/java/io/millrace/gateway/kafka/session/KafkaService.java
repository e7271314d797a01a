package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.RequestCodec;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.common.protocol.ApiKeys;

/// What all sessions share.
///
/// @param handlers of all requests but SASL's, which are the session's own
/// @param gone hears the number of each connection that is gone, on its event loop; its last
///   request has been handed to its handler by then, and must not be kept waiting
public record KafkaService(
        RequestCodec codec,
        Map<ApiKeys, RequestHandler> handlers,
        Authentication.Factory authentication,
        SessionLimits limits,
        RequestCounters counters,
        LongConsumer gone) {
    public KafkaService {
        handlers = Map.copyOf(handlers);
    }
}
