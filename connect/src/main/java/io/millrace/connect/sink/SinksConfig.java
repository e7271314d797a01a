package io.millrace.connect.sink;

import io.millrace.delivery.WebhookPermission;
import java.time.Duration;
import java.util.List;

/// What holds for all sinks of a server.
///
/// @param allow addresses, ranges and host names that sinks may be at besides the public internet
/// @param loops event loops
/// @param namesRemembered how long what a name stands for is taken as known
/// @param origin a DNS name for this server, which sinks are asked to give permission to
public record SinksConfig(List<String> allow, int loops, Duration namesRemembered, String origin) {
    /// Sinks on the public internet only.
    public static final SinksConfig DEFAULT =
            new SinksConfig(List.of(), 1, Duration.ofSeconds(30), "millrace");

    /// @throws IllegalArgumentException whose message says what was expected
    public SinksConfig {
        allow = List.copyOf(allow);
        if (loops < 1) {
            throw new IllegalArgumentException("there must be at least one event loop");
        }
        AddressGuard _ = AddressGuard.allowing(allow);
        WebhookPermission.Question _ = new WebhookPermission.Question(origin, null, null);
    }
}
