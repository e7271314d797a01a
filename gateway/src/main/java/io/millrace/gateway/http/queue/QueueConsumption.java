package io.millrace.gateway.http.queue;

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

/// What queues give.
public record QueueConsumption(BrokerDoor broker) implements Consumption {
    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        return broker.queues().receive(principal, name, request);
    }

    @Override
    public List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease) {
        return broker.queues().fetchDeferred(principal, name, numbers, lease);
    }

    @Override
    public List<SettleResult> settle(
            Principal principal, String name, List<SettleRequest> requests) {
        return broker.queues().settle(principal, name, requests);
    }
}
