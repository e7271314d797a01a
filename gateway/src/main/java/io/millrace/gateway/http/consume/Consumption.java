package io.millrace.gateway.http.consume;

import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What consumers of a subscription and workers of a queue ask of it. Thread-safe; the methods may
/// wait.
public interface Consumption {
    /// What is leased, of subscriptions or of queues.
    List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException;

    /// Leases what was deferred, by its numbers; what is not is left out.
    List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease);

    /// What becomes of leases; one result for each.
    List<SettleResult> settle(Principal principal, String name, List<SettleRequest> requests);
}
