package io.millrace.gateway.mqtt.session;

import io.millrace.event.Context;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Retained messages on their way to one subscription, a page at a time.
public final class RetainedFeed {
    private final Subscription subscription;
    private final ArrayDeque<Entry> page = new ArrayDeque<>();
    private @Nullable Context next;
    private boolean isDone;
    boolean isReading;

    /// A retained message and where it is recorded.
    public record Entry(PartitionName partition, StoredEvent event) {}

    RetainedFeed(Subscription subscription) {
        this.subscription = subscription;
    }

    Subscription subscription() {
        return subscription;
    }

    void add(List<Entry> entries, @Nullable Context goOn) {
        page.addAll(entries);
        next = goOn;
        isDone = goOn == null;
    }

    @Nullable Entry peek() {
        return page.peek();
    }

    void take() {
        page.remove();
    }

    @Nullable Context next() {
        return next;
    }

    boolean isDone() {
        return isDone;
    }
}
