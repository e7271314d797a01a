package io.millrace.broker;

import io.millrace.broker.letter.LetterTarget;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where dead letters are sent again: into a lane that only the one that failed reads.
record LetterTargets(SubscriptionHost subscriptions, QueueHost queues)
        implements LetterTarget.Directory {
    @Override
    public @Nullable LetterTarget find(String kind, String name) {
        return switch (kind) {
            case HostedSubscription.KIND -> {
                HostedSubscription found = subscriptions.find(name);
                yield found == null
                        ? null
                        : (letter, event) -> found.sendAgain(letter.context(), event);
            }
            case HostedQueue.KIND -> {
                HostedQueue found = queues.find(name);
                yield found == null ? null : (_, event) -> put(found, event);
            }
            default -> null;
        };
    }

    /// It is no duplicate of itself.
    private static CompletableFuture<@Nullable Void> put(HostedQueue queue, Event event) {
        return queue.enqueue(queue.check(List.of(event)), true).thenApply(_ -> null);
    }
}
