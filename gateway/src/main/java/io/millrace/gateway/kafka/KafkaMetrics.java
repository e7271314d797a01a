package io.millrace.gateway.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.gateway.kafka.connection.KafkaLoops;
import io.millrace.gateway.kafka.fetch.FetchSessions;
import io.millrace.gateway.kafka.session.RequestCounters;
import io.millrace.gateway.listener.ConnectionCensus;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.protocol.ApiKeys;

/// What Kafka's clients do, for `GET /metrics`. Reads what others count: nothing is measured
/// through it. Thread-safe.
public final class KafkaMetrics implements MeterBinder {
    private final RequestCounters counters;
    private final ConnectionCensus census;
    private final KafkaLoops loops;
    private final FetchSessions fetches;

    KafkaMetrics(
            RequestCounters counters,
            ConnectionCensus census,
            KafkaLoops loops,
            FetchSessions fetches) {
        this.counters = counters;
        this.census = census;
        this.loops = loops;
        this.fetches = fetches;
    }

    @Override
    public void bindTo(MeterRegistry into) {
        gauge(into, "connections", "Open connections", ConnectionCensus::open, census);
        gauge(
                into,
                "requests.bytes",
                "Memory of requests in progress",
                KafkaLoops::inFlightBytes,
                loops);
        gauge(into, "fetch.sessions", "Sessions of fetches", FetchSessions::size, fetches);
        counter(
                into,
                "connections.accepted",
                "Connections accepted",
                ConnectionCensus::accepted,
                census);
        counter(
                into,
                "connections.refused",
                "Connections refused because there were too many",
                ConnectionCensus::refused,
                census);
        counter(
                into,
                "connections.expired",
                "Connections closed because they were idle",
                ConnectionCensus::expired,
                census);
        counter(
                into,
                "malformed",
                "Connections closed because what came was no request that is known",
                RequestCounters::malformedCount,
                counters);
        for (ApiKeys api : ApiKeys.values()) {
            if (api.hasValidVersion()) {
                requests(into, api);
            }
        }
    }

    private void requests(MeterRegistry into, ApiKeys api) {
        byApi(into, api, "requests", "Requests that came", all -> all.requests(api));
        byApi(
                into,
                api,
                "requests.failed",
                "Requests that failed as a whole",
                all -> all.failures(api));
        byApi(into, api, "received.bytes", "Bytes of requests", all -> all.bytesIn(api));
        byApi(into, api, "sent.bytes", "Bytes of answers", all -> all.bytesOut(api));
    }

    private void byApi(
            MeterRegistry into,
            ApiKeys api,
            String name,
            String description,
            ToDoubleFunction<RequestCounters> count) {
        FunctionCounter.builder("millrace.kafka." + name, counters, count)
                .description(description)
                .tag("api", api.name().toLowerCase(Locale.ROOT))
                .register(into);
    }

    private static <T> void gauge(
            MeterRegistry into,
            String name,
            String description,
            ToDoubleFunction<T> value,
            T source) {
        Gauge.builder("millrace.kafka." + name, source, value)
                .description(description)
                .register(into);
    }

    private static <T> void counter(
            MeterRegistry into,
            String name,
            String description,
            ToDoubleFunction<T> count,
            T source) {
        FunctionCounter.builder("millrace.kafka." + name, source, count)
                .description(description)
                .register(into);
    }
}
