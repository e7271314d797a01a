package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.RequestCodec;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// What all sessions share.
///
/// @param handlers of all requests but SASL's, which are the session's own
public record KafkaService(
        RequestCodec codec,
        Map<ApiKeys, RequestHandler> handlers,
        Authentication.Factory authentication,
        SessionLimits limits,
        RequestCounters counters) {
    public KafkaService {
        handlers = Map.copyOf(handlers);
    }
}
