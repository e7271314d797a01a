package io.millrace.gateway.http.exchange;

import io.vertx.core.Context;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands replies from any thread over to one event loop, with one task for each burst instead of
/// one for each reply: a task costs a wake-up, and shards answer in groups.
///
/// Bounded by the requests in progress: each is in the queue at most once.
public final class ReplyQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyQueue.class);

    private final Context context;
    private final Runnable burstBegins;
    private final AtomicReference<@Nullable Reply> top = new AtomicReference<>();

    /// @param burstBegins called on the event loop before the first reply of each burst
    ReplyQueue(Context context, Runnable burstBegins) {
        this.context = context;
        this.burstBegins = burstBegins;
    }

    public void push(Reply reply) {
        Reply last;
        do {
            last = top.get();
            reply.below = last;
        } while (!top.compareAndSet(last, reply));
        if (last == null) {
            try {
                context.runOnContext(this::drain);
            } catch (RejectedExecutionException _) {
                LOG.debug("The server has stopped: a reply has nowhere to go");
            }
        }
    }

    private void drain(@Nullable Void nothing) {
        Reply reply = reversed(top.getAndSet(null));
        burstBegins.run();
        while (reply != null) {
            Reply following = reply.below;
            reply.below = null;
            try {
                reply.deliver();
            } catch (RuntimeException e) {
                LOG.error("A reply could not be delivered", e);
            }
            reply = following;
        }
    }

    private static @Nullable Reply reversed(@Nullable Reply newest) {
        Reply oldest = null;
        Reply reply = newest;
        while (reply != null) {
            Reply following = reply.below;
            reply.below = oldest;
            oldest = reply;
            reply = following;
        }
        return oldest;
    }
}
