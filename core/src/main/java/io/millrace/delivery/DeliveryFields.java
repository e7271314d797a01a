package io.millrace.delivery;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a [DeliverySpec]. What may be a secret is in no problem.
final class DeliveryFields {
    private static final int BATCH_EVENTS_DEFAULT = 100;
    private static final int BATCH_EVENTS_MAX = 1_000;
    private static final int CONCURRENCY_DEFAULT = 10;
    private static final int CONCURRENCY_MAX = 1_000;
    private static final int PER_MINUTE_MAX = 100_000_000;
    private static final int ATTEMPTS_MAX = 10_000;
    private static final int CLIENT_LENGTH_MAX = 4_096;
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(10);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);

    private final Fields push;

    private DeliveryFields(Fields push) {
        this.push = push;
    }

    static @Nullable DeliverySpec read(Fields push) {
        int before = push.problems().size();
        push.require("url");
        DeliveryFields reader = new DeliveryFields(push);
        SinkAddress address = reader.address(push, "url");
        DeliveryMode mode =
                Objects.requireNonNullElse(
                        push.oneOf("mode", DeliveryMode.class), DeliveryMode.BINARY);
        DeliverySpec.Limits limits = reader.limits(mode);
        SinkHeaders headers = reader.headers();
        Credentials credentials = reader.credentials(headers);
        boolean handshake = Objects.requireNonNullElse(push.bool("handshake"), false);
        RetrySchedule retry = reader.retry();
        boolean deadLetter = Objects.requireNonNullElse(push.bool("deadLetter"), true);
        push.end();
        return address == null || retry == null || push.problems().size() > before
                ? null
                : new DeliverySpec(
                        address, mode, limits, headers, credentials, handshake, retry, deadLetter);
    }

    private @Nullable SinkAddress address(Fields fields, String key) {
        String url = fields.string(key);
        return url == null ? null : checked(() -> SinkAddress.parse(fields.path(key), url));
    }

    private <T> @Nullable T checked(Supplier<T> parsing) {
        try {
            return parsing.get();
        } catch (MillraceException e) {
            e.problems().forEach(push.problems()::add);
            return null;
        }
    }

    private DeliverySpec.Limits limits(DeliveryMode mode) {
        if (push.has("batch") && mode != DeliveryMode.BATCH) {
            push.wrong("batch", "goes with mode: batch only");
        }
        Fields batch = push.object("batch");
        int events = orElse(batch.integer("events", 1, BATCH_EVENTS_MAX), BATCH_EVENTS_DEFAULT);
        batch.end();
        Duration timeout = Objects.requireNonNullElse(push.duration("timeout"), TIMEOUT_DEFAULT);
        if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
            push.wrong(
                    "timeout",
                    "must be from %s to %s"
                            .formatted(Durations.print(TIMEOUT_MIN), Durations.print(TIMEOUT_MAX)));
        }
        int concurrency =
                orElse(push.integer("concurrency", 1, CONCURRENCY_MAX), CONCURRENCY_DEFAULT);
        Long perMinute =
                push.is("ratePerMinute", DeliverySpec.UNLIMITED)
                        ? null
                        : push.integer("ratePerMinute", 1, PER_MINUTE_MAX);
        return new DeliverySpec.Limits(
                mode == DeliveryMode.BATCH ? events : 1,
                timeout,
                concurrency,
                perMinute == null ? null : perMinute.intValue());
    }

    private SinkHeaders headers() {
        Map<String, Secret> values = new LinkedHashMap<>();
        push.texts("headers").forEach((name, value) -> values.put(name, Secret.of(value)));
        SinkHeaders headers = checked(() -> SinkHeaders.of(push.path("headers"), values));
        return headers == null ? SinkHeaders.NONE : headers;
    }

    private Credentials credentials(SinkHeaders headers) {
        String bearer = push.string("bearer");
        boolean oauth = push.has("oauth");
        if (bearer != null && oauth) {
            push.wrong("bearer", "must not be given together with oauth");
        }
        if (headers.contains("authorization") && (bearer != null || oauth)) {
            push.wrong("headers.authorization", "must not be given with bearer or oauth");
        }
        if (bearer != null) {
            try {
                return new Credentials.BearerToken(Secret.of(bearer));
            } catch (IllegalArgumentException e) {
                push.wrong("bearer", String.valueOf(e.getMessage()));
            }
        }
        Credentials.@Nullable ClientCredentials client = oauth ? client() : null;
        return client == null ? new Credentials.None() : client;
    }

    private Credentials.@Nullable ClientCredentials client() {
        Fields oauth = push.object("oauth");
        oauth.require("tokenUrl", "clientId", "clientSecret");
        SinkAddress tokenUrl = address(oauth, "tokenUrl");
        String id = filled(oauth, "clientId");
        String secret = filled(oauth, "clientSecret");
        String scope = filled(oauth, "scope");
        Credentials.Placement placement = oauth.oneOf("placement", Credentials.Placement.class);
        oauth.end();
        return tokenUrl == null || id == null || secret == null
                ? null
                : new Credentials.ClientCredentials(
                        tokenUrl,
                        id,
                        Secret.of(secret),
                        scope,
                        Objects.requireNonNullElse(placement, Credentials.Placement.BASIC));
    }

    private static @Nullable String filled(Fields fields, String key) {
        String text = fields.string(key);
        if (text == null || (!text.isBlank() && text.length() <= CLIENT_LENGTH_MAX)) {
            return text;
        }
        fields.wrong(key, "must have 1 to %d characters".formatted(CLIENT_LENGTH_MAX));
        return null;
    }

    private @Nullable RetrySchedule retry() {
        Fields retry = push.object("retry");
        RetrySchedule usual = RetrySchedule.DEFAULT;
        List<Duration> delays = delays(retry, usual);
        Double jitter = retry.parsed("jitter", DeliveryFields::part);
        Duration age = retry.duration("age");
        int attempts = orElse(retry.integer("attempts", 1, ATTEMPTS_MAX), usual.attemptsMax());
        retry.end();
        try {
            return new RetrySchedule(
                    delays,
                    jitter == null ? usual.jitter() : jitter,
                    age == null ? usual.ageMax() : age,
                    attempts);
        } catch (IllegalArgumentException e) {
            push.wrong("retry", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private List<Duration> delays(Fields retry, RetrySchedule usual) {
        if (!retry.has("delays")) {
            return usual.delays();
        }
        int before = push.problems().size();
        List<Duration> delays = new ArrayList<>();
        int index = 0;
        for (String text : retry.strings("delays")) {
            try {
                delays.add(Durations.parse(text));
            } catch (IllegalArgumentException e) {
                retry.wrong("delays[" + index + "]", String.valueOf(e.getMessage()));
            }
            index++;
        }
        // What is wrong has been told; the constructor would tell of an empty list besides.
        return push.problems().size() > before ? usual.delays() : delays;
    }

    private static double part(String text) {
        try {
            double part = Double.parseDouble(text);
            if (part >= 0 && part <= 1) {
                return part;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new IllegalArgumentException("must be a number from 0 to 1");
    }

    private static int orElse(@Nullable Long value, int usual) {
        return value == null ? usual : value.intValue();
    }
}
