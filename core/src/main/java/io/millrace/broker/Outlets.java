package io.millrace.broker;

import io.millrace.broker.letter.CauseLog;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.dispatch.Dispatcher;
import io.millrace.dispatch.Dispatchers;
import io.millrace.dispatch.LocalTarget;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.group.Leased;
import io.millrace.io.Threading;
import io.millrace.resource.Delivery;
import io.millrace.resource.SubscriptionResource;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes what brings a subscription's events where they are wanted. Thread-safe.
final class Outlets {
    private final Dispatchers dispatchers;
    private final Threading threading;
    private final Supplier<Emitting> emitting;
    private final Supplier<QueueHost> queues;
    private final Supplier<CauseLog> causes;

    /// @param emitting publishes; there once the broker is
    Outlets(
            Dispatchers dispatchers,
            Threading threading,
            Supplier<Emitting> emitting,
            Supplier<QueueHost> queues,
            Supplier<CauseLog> causes) {
        this.dispatchers = dispatchers;
        this.threading = threading;
        this.emitting = emitting;
        this.queues = queues;
        this.causes = causes;
    }

    /// @param disabled hears why, on a thread that may wait
    /// @return `null` for a subscription whose consumers ask
    @Nullable Dispatcher open(SubscriptionResource resource, Consumer<String> disabled) {
        String name = HostedSubscription.KIND + "/" + resource.name();
        String expression = resource.transform();
        Transform transform = expression == null ? null : Transform.of(expression);
        Dispatcher.Listener listener = new Listening(disabled);
        return switch (resource.delivery()) {
            case Delivery.Pull _ -> null;
            case Delivery.Push(var spec) -> dispatchers.toSink(name, spec, transform, listener);
            case Delivery.ToContext(Context context) ->
                    dispatchers.toPlace(
                            name,
                            new LocalTarget(
                                    "the context " + context,
                                    (_, event) -> publish(context.path(), event)),
                            transform,
                            listener);
            case Delivery.ToQueue(String queue) ->
                    dispatchers.toPlace(
                            name,
                            new LocalTarget("the queue " + queue, (_, event) -> put(queue, event)),
                            transform,
                            listener);
        };
    }

    private CompletableFuture<?> publish(@Nullable String context, Event event) {
        return emitting.get().future(Principal.LOCAL, List.of(new Publication(context, event)));
    }

    /// One job for each event, however often it comes.
    private CompletableFuture<?> put(String name, Event event) {
        HostedQueue queue = queues.get().find(name);
        if (queue == null) {
            throw new MillraceException(ErrorCode.QUEUE_NOT_FOUND, "there is no queue " + name);
        }
        CauseLog log = causes.get();
        if (log.contains(queue.incarnation(), event)) {
            return CompletableFuture.completedFuture(null);
        }
        List<HostedQueue.Entering> job = queue.check(List.of(event));
        CompletableFuture<Boolean> put = new CompletableFuture<>();
        // A lane may have to be opened, which waits for this very shard.
        threading.after("put-job", Duration.ZERO, () -> put(queue, job, put));
        return put.thenCompose(_ -> log.add(queue.incarnation(), event));
    }

    private static void put(
            HostedQueue queue, List<HostedQueue.Entering> job, CompletableFuture<Boolean> done) {
        try {
            var _ =
                    queue.enqueue(job, false)
                            .whenComplete((_, problem) -> {
                                if (problem == null) {
                                    done.complete(true);
                                } else {
                                    done.completeExceptionally(problem);
                                }
                            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private final class Listening implements Dispatcher.Listener {
        private final Consumer<String> disabled;

        Listening(Consumer<String> disabled) {
            this.disabled = disabled;
        }

        @Override
        public CompletableFuture<?> answered(Leased cause, Event answer) {
            boolean isPlaced = Context.ofSource(answer.source()) != null;
            return publish(isPlaced ? null : cause.event().context().path(), answer);
        }

        @Override
        public void disabled(String reason) {
            threading.after("disable-subscription", Duration.ZERO, () -> disabled.accept(reason));
        }
    }
}
