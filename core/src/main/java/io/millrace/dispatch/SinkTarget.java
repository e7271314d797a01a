package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.Sink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A sink as a target, which closes it.
///
/// @param sink of this target alone
public record SinkTarget(Sink sink) implements Target {
    @Override
    public int eventsMax() {
        return sink.eventsMax();
    }

    @Override
    public int concurrencyMax() {
        return sink.concurrencyMax();
    }

    @Override
    public CompletableFuture<Outcome> deliver(List<Parcel> parcels) {
        return sink.deliver(
                parcels.size() == 1
                        ? List.of(parcels.getFirst().event())
                        : parcels.stream().map(Parcel::event).toList());
    }

    @Override
    public void close() {
        sink.close();
    }
}
