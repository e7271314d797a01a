package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A target whose deliveries end when and as the test says.
final class ScriptedTarget implements Target {
    static final Outcome OK = new Outcome.Delivered(200, null, null);

    private final int eventsMax;
    private final int concurrencyMax;
    private final List<Delivery> deliveries = new ArrayList<>();
    private boolean closed;

    record Delivery(List<Parcel> parcels, CompletableFuture<Outcome> outcome) {
        List<String> ids() {
            return parcels.stream().map(parcel -> parcel.event().id()).toList();
        }

        void end(Outcome with) {
            outcome.complete(with);
        }
    }

    ScriptedTarget(int eventsMax, int concurrencyMax) {
        this.eventsMax = eventsMax;
        this.concurrencyMax = concurrencyMax;
    }

    @Override
    public int eventsMax() {
        return eventsMax;
    }

    @Override
    public int concurrencyMax() {
        return concurrencyMax;
    }

    @Override
    public CompletableFuture<Outcome> deliver(List<Parcel> parcels) {
        if (parcels.isEmpty() || parcels.size() > eventsMax || closed) {
            throw new IllegalArgumentException("not so");
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        deliveries.add(new Delivery(List.copyOf(parcels), outcome));
        if (underWay() > concurrencyMax) {
            throw new IllegalStateException("too many at a time");
        }
        return outcome;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    Delivery last() {
        return deliveries.getLast();
    }

    /// The ids of all deliveries in their order.
    List<List<String>> ids() {
        return deliveries.stream().map(Delivery::ids).toList();
    }

    long underWay() {
        return deliveries.stream().filter(each -> !each.outcome().isDone()).count();
    }

    void endAll(Outcome with) {
        List.copyOf(deliveries).forEach(each -> each.end(with));
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
