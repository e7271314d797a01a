package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.DeliveryMode;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.SinkAddress;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.io.Clock;
import io.vertx.core.net.ClientSSLOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sinks for tests: loopback addresses are allowed, and every name means 127.0.0.1.
final class Pushing implements AutoCloseable {
    static final Event EVENT =
            Event.builder()
                    .id("1")
                    .source("/room/4")
                    .type("com.example.fire")
                    .dataContentType("application/json")
                    .data(Bytes.utf8("{\"on\":true}"))
                    .build();

    private final HttpSinks sinks;

    Pushing() {
        this(
                _ -> CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral("127.0.0.1"))),
                Duration.ofMinutes(1),
                new ClientSSLOptions());
    }

    Pushing(NameResolver resolver, Duration remembered, ClientSSLOptions tls) {
        AddressGuard guard = AddressGuard.allowing(List.of("127.0.0.1", "::1"));
        HttpSinks.Options options = new HttpSinks.Options(1, remembered, tls);
        this.sinks = new HttpSinks(options, resolver, guard, Clock.system());
    }

    HttpSinks sinks() {
        return sinks;
    }

    static HttpSinkConfig config(String url) {
        return HttpSinkConfig.of(SinkAddress.parse("sink", url));
    }

    static HttpSinkConfig config(int port) {
        return config("http://127.0.0.1:" + port + "/hook");
    }

    static HttpSinkConfig with(HttpSinkConfig config, HttpSinkConfig.Limits limits) {
        return new HttpSinkConfig(
                config.address(),
                config.mode(),
                limits,
                config.headers(),
                config.credentials(),
                config.origin());
    }

    static HttpSinkConfig with(HttpSinkConfig config, DeliveryMode mode) {
        return new HttpSinkConfig(
                config.address(),
                mode,
                config.limits(),
                config.headers(),
                config.credentials(),
                config.origin());
    }

    static HttpSinkConfig with(HttpSinkConfig config, Credentials credentials) {
        return new HttpSinkConfig(
                config.address(),
                config.mode(),
                config.limits(),
                config.headers(),
                credentials,
                config.origin());
    }

    /// One event to a sink that does not wait long.
    Outcome push(int port, Duration timeout) {
        HttpSinkConfig.Limits limits = new HttpSinkConfig.Limits(1, 4, timeout, 1 << 16);
        return push(with(config(port), limits), EVENT);
    }

    Outcome push(HttpSinkConfig config, Event... events) {
        return get(sinks.open(config).deliver(List.of(events)));
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        sinks.close();
    }
}
