package io.millrace.gateway.http.subscription;

import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.gateway.http.consume.Consumption;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What pull subscriptions give.
public record SubscriptionConsumption(BrokerDoor broker) implements Consumption {
    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        return broker.subscriptions().receive(principal, name, request);
    }

    @Override
    public List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease) {
        return broker.subscriptions().fetchDeferred(principal, name, numbers, lease);
    }

    @Override
    public List<SettleResult> settle(
            Principal principal, String name, List<SettleRequest> requests) {
        return broker.subscriptions().settle(principal, name, requests);
    }
}
