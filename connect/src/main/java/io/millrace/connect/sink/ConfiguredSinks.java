package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.DeliverySpec;
import io.millrace.delivery.Sink;
import io.millrace.delivery.Sinks;
import io.millrace.delivery.WebhookCallbacks;
import io.millrace.delivery.WebhookPermission;
import io.millrace.error.Problem;
import io.millrace.io.Clock;
import io.millrace.io.Randomness;
import io.vertx.core.net.ClientSSLOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// HTTP sinks as subscriptions specify them. The event loops start when the first is asked for, so
/// that a server without any does not pay for them. Thread-safe.
public final class ConfiguredSinks implements Sinks {
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final SinksConfig config;
    private final AddressGuard guard;
    private final Clock clock;
    private final @Nullable WebhookCallbacks callbacks;

    private @Nullable HttpSinks http;
    private @Nullable SystemResolver resolver;
    private boolean closed;

    /// @throws IllegalArgumentException if the configuration allows what is no address
    public ConfiguredSinks(SinksConfig config, Clock clock) {
        this.config = config;
        this.guard = AddressGuard.allowing(config.allow(), config.plain());
        this.clock = clock;
        String base = config.callback();
        this.callbacks =
                base == null ? null : new WebhookCallbacks(base, Randomness.unguessable(), clock);
    }

    @Override
    public Sink open(DeliverySpec spec) {
        List<String> missing = spec.missingSecrets();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("secrets are missing: " + missing);
        }
        return http().open(configOf(spec));
    }

    private HttpSinkConfig configOf(DeliverySpec spec) {
        DeliverySpec.Limits limits = spec.limits();
        return new HttpSinkConfig(
                spec.address(),
                spec.mode(),
                new HttpSinkConfig.Limits(
                        limits.batchEvents(),
                        limits.concurrency(),
                        limits.timeout(),
                        ANSWER_BYTES_MAX),
                spec.headers(),
                spec.credentials(),
                spec.handshake() ? config.origin() : null);
    }

    @Override
    public CompletableFuture<List<Problem>> check(DeliverySpec spec) {
        CompletableFuture<List<Problem>> sink =
                http().check(DeliverySpec.PATH + ".url", spec.address())
                        .thenCompose(problems ->
                                problems.isEmpty()
                                        ? checkSecrets(spec)
                                        : CompletableFuture.completedFuture(problems));
        return switch (spec.credentials()) {
            case Credentials.None _, Credentials.BearerToken _ -> sink;
            case Credentials.ClientCredentials client ->
                    sink.thenCombine(
                            http().checkSecrets(
                                            List.of(DeliverySpec.PATH + ".oauth.tokenUrl"),
                                            client.tokenAddress(),
                                            "the authorization server"),
                            ConfiguredSinks::both);
        };
    }

    /// Whether everybody on the way to the sink may read what it is sent.
    private CompletableFuture<List<Problem>> checkSecrets(DeliverySpec spec) {
        List<String> fields = new ArrayList<>();
        switch (spec.credentials()) {
            case Credentials.None _ -> {}
            case Credentials.BearerToken _ -> fields.add(DeliverySpec.PATH + ".bearer");
            case Credentials.ClientCredentials _ -> fields.add(DeliverySpec.PATH + ".oauth");
        }
        spec.headers().forEach((name, _) -> fields.add(DeliverySpec.PATH + ".headers." + name));
        return fields.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : http().checkSecrets(fields, spec.address(), "the sink");
    }

    private static List<Problem> both(List<Problem> first, List<Problem> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    @Override
    public CompletableFuture<WebhookPermission> ask(
            DeliverySpec spec, Consumer<WebhookPermission.Granted> later) {
        HttpSink sink = http().open(configOf(spec));
        Integer perMinute = spec.limits().perMinute();
        WebhookPermission.Question question =
                new WebhookPermission.Question(
                        config.origin(),
                        perMinute,
                        callbacks == null ? null : callbacks.offer(perMinute, later));
        return sink.ask(question)
                .whenComplete((permission, _) -> {
                    sink.close();
                    boolean decided =
                            switch (permission) {
                                case WebhookPermission.Granted _, WebhookPermission.Denied _ ->
                                        true;
                                case WebhookPermission.Awaited _ -> false;
                                case null -> false;
                            };
                    if (decided && callbacks != null) {
                        callbacks.withdraw(later);
                    }
                });
    }

    @Override
    public boolean calledBack(String key, @Nullable String allowedRate) {
        return callbacks != null && callbacks.calledBack(key, allowedRate);
    }

    private synchronized HttpSinks http() {
        if (closed) {
            throw new IllegalStateException("the sinks are closed");
        }
        HttpSinks started = http;
        if (started == null) {
            SystemResolver names = new SystemResolver();
            started =
                    new HttpSinks(
                            new HttpSinks.Options(
                                    config.loops(),
                                    config.namesRemembered(),
                                    new ClientSSLOptions()),
                            names,
                            guard,
                            clock);
            resolver = names;
            http = started;
        }
        return started;
    }

    /// Whether the event loops run.
    synchronized boolean isStarted() {
        return http != null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (http != null) {
            http.close();
        }
        if (resolver != null) {
            resolver.close();
        }
    }
}
