package io.millrace.resource;

import io.millrace.delivery.DeliverySpec;
import io.millrace.event.Context;

/// How a subscription's events get where they are wanted.
public sealed interface Delivery {
    /// Consumers fetch and settle them.
    record Pull(LeasePolicy leasing) implements Delivery {}

    /// They are sent to an HTTP sink.
    record Push(DeliverySpec spec) implements Delivery {}

    /// They are published again in another context.
    record ToContext(Context context) implements Delivery {}

    /// Each becomes a job.
    record ToQueue(String queue) implements Delivery {}
}
