package io.millrace.delivery;

import io.millrace.io.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Addresses that sinks may grant permission through when they cannot answer at once (CloudEvents
/// http-webhook.md, section 4.1.3). Thread-safe.
///
/// Each can be used once. One that is not used ends a day after the sink was asked last, or when
/// there are too many after it; the sink is asked again anyway, and told of another then. They are
/// kept in memory only: after a start all sinks are asked again.
public final class WebhookCallbacks {
    /// Below the base address; the key follows.
    public static final String PATH = "/webhook-callbacks/";

    static final int OFFERS_MAX = 10_000;
    static final Duration VALID = Duration.ofDays(1);

    private static final int KEY_BYTES = 32;

    private final String base;
    private final RandomGenerator random;
    private final Clock clock;

    /// By key, those that end first in front.
    private final Map<String, Offer> offers = new LinkedHashMap<>();

    private record Offer(
            Consumer<WebhookPermission.Granted> later,
            @Nullable Integer perMinute,
            long endNanos) {}

    /// @param base where sinks reach this server, such as `https://events.example.com`, or a path
    ///   there that leads to its root
    /// @param random must not be guessable
    public WebhookCallbacks(String base, RandomGenerator random, Clock clock) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.random = random;
        this.clock = clock;
        SinkAddress address = SinkAddress.parse("callback", base);
        if (address.query() != null) {
            throw new IllegalArgumentException("must have no query");
        }
    }

    /// The address for one who is asked. Asked again, it is told the same unless that was used.
    ///
    /// @param perMinute the rate that is wanted; `null` if it does not matter
    /// @param later hears that it was used
    public synchronized Secret offer(
            @Nullable Integer perMinute, Consumer<WebhookPermission.Granted> later) {
        clean();
        String key = keyOf(later);
        if (key == null) {
            byte[] bytes = new byte[KEY_BYTES];
            random.nextBytes(bytes);
            key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
        offers.remove(key);
        offers.put(key, new Offer(later, perMinute, clock.nanoTime() + VALID.toNanos()));
        if (offers.size() > OFFERS_MAX) {
            offers.remove(offers.keySet().iterator().next());
        }
        return Secret.of(base + PATH + key);
    }

    /// The address is needed no more.
    public synchronized void withdraw(Consumer<WebhookPermission.Granted> later) {
        String key = keyOf(later);
        if (key != null) {
            offers.remove(key);
        }
    }

    private @Nullable String keyOf(Consumer<WebhookPermission.Granted> later) {
        for (Map.Entry<String, Offer> entry : offers.entrySet()) {
            if (entry.getValue().later().equals(later)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private void clean() {
        Iterator<Offer> each = offers.values().iterator();
        while (each.hasNext() && each.next().endNanos() - clock.nanoTime() <= 0) {
            each.remove();
        }
    }

    /// Somebody used an address.
    ///
    /// @param allowedRate of `WebHook-Allowed-Rate`, if it is there
    /// @return whether there was such an address
    public boolean calledBack(String key, @Nullable String allowedRate) {
        Offer offer;
        synchronized (this) {
            clean();
            offer = offers.remove(key);
        }
        if (offer == null) {
            return false;
        }
        offer.later().accept(WebhookPermission.Granted.at(allowedRate, offer.perMinute()));
        return true;
    }
}
