package io.millrace.gateway.http.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.call.Places;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.LoopCounters;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.listener.ConnectionCensus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// `GET /metrics` in the Prometheus text format. The registry is made at the first scrape, and
/// reads counters that others keep: nothing is measured through it.
public final class MetricsEndpoint implements Endpoint, AutoCloseable {
    private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final BrokerDoor broker;
    private final List<HttpLoop> loops;
    private final ConnectionCensus census;
    private final Places tails;
    private final Places receivers;
    private final Places runs;
    private final List<MeterBinder> others;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics gc;

    /// @param places of those who follow contexts, those who ask for events or jobs, and those who
    ///   run queries ad hoc
    /// @param others what is told besides
    public MetricsEndpoint(
            BrokerDoor broker,
            List<HttpLoop> loops,
            ConnectionCensus census,
            List<Places> places,
            List<MeterBinder> others) {
        this.broker = broker;
        this.loops = loops;
        this.census = census;
        this.tails = places.getFirst();
        this.receivers = places.get(1);
        this.runs = places.get(2);
        this.others = List.copyOf(others);
    }

    @Override
    public Answer serve(Call call) {
        call.query();
        String text;
        lock.lock();
        try {
            if (registry == null) {
                registry = opened();
            }
            text = registry.scrape(MEDIA_TYPE);
        } finally {
            lock.unlock();
        }
        String all =
                text
                        + PublishHistogram.text(loops)
                        + LedgerMetrics.text(broker)
                        + QueryMetrics.text(broker);
        return Answer.of(200, MEDIA_TYPE, all.getBytes(StandardCharsets.UTF_8));
    }

    private PrometheusMeterRegistry opened() {
        PrometheusMeterRegistry opened = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(opened);
        gc = new JvmGcMetrics();
        gc.bindTo(opened);
        new JvmThreadMetrics().bindTo(opened);
        new ProcessorMetrics().bindTo(opened);
        counter(
                opened,
                "millrace.events.published",
                "Events recorded since the server started",
                broker,
                BrokerDoor::publishedCount);
        gauge(
                opened,
                "millrace.contexts",
                "Contexts that are known",
                broker,
                BrokerDoor::contextCount);
        gauge(
                opened,
                "millrace.partitions.failed",
                "Partitions that take no more events",
                broker,
                door -> door.failures().size());
        gauge(
                opened,
                "millrace.damages",
                "Places in the logs that are known to be damaged",
                broker,
                door -> door.damages().size());
        gauge(opened, "millrace.tails", "Readers that follow contexts", tails, Places::taken);
        gauge(
                opened,
                "millrace.receivers",
                "Consumers that ask for events or jobs, those that wait included",
                receivers,
                Places::taken);
        gauge(opened, "millrace.queries.adhoc", "Queries that are run ad hoc", runs, Places::taken);
        connections(opened);
        requests(opened);
        others.forEach(other -> other.bindTo(opened));
        return opened;
    }

    private void connections(PrometheusMeterRegistry opened) {
        gauge(
                opened,
                "millrace.http.connections",
                "Open connections",
                census,
                ConnectionCensus::open);
        counter(
                opened,
                "millrace.http.connections.accepted",
                "Connections accepted",
                census,
                ConnectionCensus::accepted);
        counter(
                opened,
                "millrace.http.connections.refused",
                "Connections refused because there were too many",
                census,
                ConnectionCensus::refused);
        counter(
                opened,
                "millrace.http.connections.expired",
                "Connections closed because they were idle or slow",
                census,
                ConnectionCensus::expired);
    }

    private void requests(PrometheusMeterRegistry into) {
        for (Route route : Route.values()) {
            for (int i = 0; i <= LoopCounters.statuses(); i++) {
                int index = i;
                String status =
                        i < LoopCounters.statuses()
                                ? Integer.toString(LoopCounters.status(i))
                                : "other";
                FunctionCounter.builder(
                                "millrace.http.requests", loops, all -> requests(all, route, index))
                        .description("Requests answered")
                        .tag("route", route.label())
                        .tag("status", status)
                        .register(into);
            }
        }
    }

    private static double requests(List<HttpLoop> loops, Route route, int status) {
        return loops.stream().mapToLong(loop -> loop.counters().requests(route, status)).sum();
    }

    private static <T> void counter(
            PrometheusMeterRegistry into,
            String name,
            String description,
            T source,
            ToLongFunction<T> count) {
        FunctionCounter.builder(name, source, count::applyAsLong)
                .description(description)
                .register(into);
    }

    private static <T> void gauge(
            PrometheusMeterRegistry into,
            String name,
            String description,
            T source,
            ToLongFunction<T> value) {
        Gauge.builder(name, source, value::applyAsLong).description(description).register(into);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (gc != null) {
                gc.close();
            }
            if (registry != null) {
                registry.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
