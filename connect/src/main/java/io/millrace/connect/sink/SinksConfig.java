package io.millrace.connect.sink;

import io.millrace.delivery.WebhookCallbacks;
import io.millrace.delivery.WebhookPermission;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Randomness;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds for all sinks of a server.
///
/// @param allow addresses, ranges and host names that sinks may be at besides the public internet
/// @param plain the same for those that secrets may be sent to over plain http, besides loopback
/// @param loops event loops
/// @param namesRemembered how long what a name stands for is taken as known
/// @param origin a DNS name for this server, which sinks are asked to give permission to
/// @param callback where sinks reach this server to give permission later; `null` if they cannot
public record SinksConfig(
        List<String> allow,
        List<String> plain,
        int loops,
        Duration namesRemembered,
        String origin,
        @Nullable String callback) {
    /// Sinks on the public internet only.
    public static final SinksConfig DEFAULT =
            new SinksConfig(List.of(), List.of(), 1, Duration.ofSeconds(30), "millrace", null);

    /// @throws IllegalArgumentException whose message says what was expected
    public SinksConfig {
        allow = List.copyOf(allow);
        plain = List.copyOf(plain);
        if (loops < 1) {
            throw new IllegalArgumentException("there must be at least one event loop");
        }
        AddressGuard _ = AddressGuard.allowing(allow, plain);
        WebhookPermission.Question _ = new WebhookPermission.Question(origin, null, null);
        if (callback != null) {
            checkCallback(callback);
        }
    }

    private static void checkCallback(String callback) {
        try {
            WebhookCallbacks _ =
                    new WebhookCallbacks(callback, Randomness.system(), Clock.system());
        } catch (MillraceException e) {
            throw new IllegalArgumentException(e.problems().getFirst().detail(), e);
        }
    }
}
