package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.Credentials.ClientCredentials;
import io.millrace.delivery.Credentials.Placement;
import io.millrace.delivery.Secret;
import io.millrace.event.Bytes;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gets access tokens from an authorization server (RFC 6749, section 4.4) and keeps them until
/// shortly before they expire. However many deliveries want one, the server is asked once. Owned by
/// a loop.
final class AccessTokens {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES_MAX = 64 << 10;

    /// How long a server that gave no token is left alone.
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    /// How long a token is used when the server does not say.
    private static final long LIFETIME_SECONDS = 300;

    private static final long LIFETIME_SECONDS_MAX = 86_400;

    /// A token is renewed this long before it expires, or a tenth of its lifetime if that is less.
    private static final long EARLY_SECONDS = 30;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SinkLoop loop;
    private final Peer server;
    private final ClientCredentials credentials;

    private @Nullable Future<Secret> current;
    private long usableUntilNanos;

    AccessTokens(SinkLoop loop, ClientCredentials credentials, Duration remembered) {
        this.loop = loop;
        this.credentials = credentials;
        this.server =
                new Peer(
                        loop,
                        credentials.tokenAddress(),
                        "the authorization server",
                        true,
                        remembered);
    }

    /// A token that is good now.
    ///
    /// @return fails with an [AttemptFailure]
    Future<Secret> get() {
        Future<Secret> last = current;
        boolean good =
                last != null
                        && (!last.isComplete() || usableUntilNanos - loop.clock().nanoTime() > 0);
        if (last != null && good) {
            return last;
        }
        Future<Secret> asked = ask();
        current = asked;
        return asked;
    }

    /// Forgets a token that a sink refused, unless there is a newer one already.
    void refused(Secret token) {
        Future<Secret> last = current;
        if (last != null && last.succeeded() && last.result().equals(token)) {
            current = null;
        }
    }

    private Future<Secret> ask() {
        long now = loop.clock().nanoTime();
        MultiMap headers =
                HttpHeaders.headers()
                        .set("content-type", "application/x-www-form-urlencoded")
                        .set("accept", "application/json");
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        String secret = credentials.clientSecret().reveal();
        if (credentials.placement() == Placement.BASIC) {
            String pair = encoded(credentials.clientId()) + ":" + encoded(secret);
            String basic =
                    Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
            headers.set("authorization", "Basic " + basic);
        } else {
            form.append("&client_id=").append(encoded(credentials.clientId()));
            form.append("&client_secret=").append(encoded(secret));
        }
        String scope = credentials.scope();
        if (scope != null) {
            form.append("&scope=").append(encoded(scope));
        }
        HttpCall.Plan plan =
                new HttpCall.Plan(
                        HttpMethod.POST,
                        headers,
                        Bytes.utf8(form.toString()),
                        ANSWER_BYTES_MAX,
                        (_, _) -> true);
        return new HttpCall(loop, server, plan, now + TIMEOUT.toNanos())
                .start()
                .map(this::token)
                .onFailure(_ -> usableUntilNanos = loop.clock().nanoTime() + PAUSE_NANOS);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Secret token(HttpAnswer answer) {
        if (!answer.success()) {
            throw new AttemptFailure(
                    "the authorization server answered %d and gave no token"
                            .formatted(answer.status()));
        }
        if (answer.ending() != HttpAnswer.Ending.WHOLE) {
            throw new AttemptFailure("the authorization server's answer did not come whole");
        }
        JsonNode document;
        try {
            document = JSON.readTree(answer.body().toArray());
        } catch (JacksonException _) {
            throw new AttemptFailure("the authorization server's answer is not JSON");
        }
        JsonNode given = document.path("access_token");
        String token = given.isString() ? given.asString() : "";
        String type = document.path("token_type").asString("Bearer");
        if (!Credentials.isToken(token) || !type.equalsIgnoreCase("bearer")) {
            throw new AttemptFailure("the authorization server's answer holds no bearer token");
        }
        long seconds = document.path("expires_in").asLong(LIFETIME_SECONDS);
        long lifetime = Math.clamp(seconds, 1, LIFETIME_SECONDS_MAX);
        long used = lifetime * 1_000 - Math.min(EARLY_SECONDS * 1_000, lifetime * 100);
        usableUntilNanos = loop.clock().nanoTime() + used * 1_000_000;
        return Secret.of(token);
    }
}
