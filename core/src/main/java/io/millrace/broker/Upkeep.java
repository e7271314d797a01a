package io.millrace.broker;

import io.millrace.broker.queue.QueueHost;
import io.millrace.broker.stream.ContextKeeper;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.resource.ResourceKind;
import java.time.Duration;
import java.time.Instant;

/// What the broker does now and then, whoever asks it for anything. Thread-safe.
record Upkeep(
        Foundation foundation,
        ContextKeeper keeper,
        QueueHost queues,
        SubscriptionHost subscriptions,
        ResourceSet resources) {
    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration EXPIRE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLEAN_INTERVAL = Duration.ofSeconds(30);
    private static final Duration COMPACT_CONTEXTS_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PRODUCERS_INTERVAL = Duration.ofMinutes(1);
    private static final Duration SNAPSHOT_INTERVAL = Duration.ofMinutes(5);

    /// It ends with the threads.
    void begin(Threading threading, Clock clock) {
        threading.run(keeper);
        threading.every(
                "compact-contexts", COMPACT_CONTEXTS_INTERVAL, foundation.contexts()::compactKept);
        threading.every("snapshot-contexts", SNAPSHOT_INTERVAL, this::writeSnapshot);
        threading.every("keep-producers", PRODUCERS_INTERVAL, foundation.streams()::keepProducers);
        threading.every("flush", FLUSH_INTERVAL, foundation::flush);
        threading.every("expire-subscriptions", EXPIRE_INTERVAL, () -> expire(clock.epochMillis()));
        threading.every("clean", CLEAN_INTERVAL, this::clean);
    }

    private void clean() {
        foundation.clean();
        queues.tidy();
    }

    /// The offsets are asked for before the contexts are looked at, so that what is covered is in.
    void writeSnapshot() {
        keeper.write(foundation.covered());
    }

    /// Deletes subscriptions whose time is over.
    private void expire(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        for (HostedSubscription subscription : subscriptions.all()) {
            Instant expires = subscription.resource().expires();
            if (expires != null && !expires.isAfter(now)) {
                resources.delete(ResourceKind.SUBSCRIPTION, subscription.name(), Precondition.NONE);
            }
        }
    }
}
