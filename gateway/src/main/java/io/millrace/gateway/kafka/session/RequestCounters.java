package io.millrace.gateway.kafka.session;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;

/// Counts requests by API. Thread-safe.
public final class RequestCounters {
    private final LongAdder[] requests = adders();
    private final LongAdder[] failures = adders();
    private final LongAdder[] bytesIn = adders();
    private final LongAdder[] bytesOut = adders();
    private final LongAdder malformed = new LongAdder();

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[ApiKeys.values().length];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    void began(ApiKeys api, int bytes) {
        requests[api.id].increment();
        bytesIn[api.id].add(bytes);
    }

    void answered(ApiKeys api, long bytes) {
        bytesOut[api.id].add(bytes);
    }

    void failed(ApiKeys api) {
        failures[api.id].increment();
    }

    void malformed() {
        malformed.increment();
    }

    /// Requests that came.
    public long requests(ApiKeys api) {
        return requests[api.id].sum();
    }

    /// Requests that failed as a whole, with an error answer or the end of the connection.
    public long failures(ApiKeys api) {
        return failures[api.id].sum();
    }

    /// Bytes of requests, without the length before each.
    public long bytesIn(ApiKeys api) {
        return bytesIn[api.id].sum();
    }

    /// Bytes of answers.
    public long bytesOut(ApiKeys api) {
        return bytesOut[api.id].sum();
    }

    /// Connections that were closed because what came was no request that is known.
    public long malformedCount() {
        return malformed.sum();
    }
}
