package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.session.Door;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the clients of one event loop publish, and the answers. Owned by the event loop, but for
/// the answers, which come on shards' threads.
///
/// When a shard has too much to write, messages wait here and are tried again, in their order for
/// each client; clients are not read from meanwhile, since so many of their messages are
/// outstanding.
final class Publishing {
    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);
    private static final long RETRY_MILLIS = 5;

    private final Broker broker;
    private final LoopThread loop;
    private final AtomicReference<@Nullable Pending> answered = new AtomicReference<>();
    private final ArrayDeque<Pending> refused = new ArrayDeque<>();

    /// Whose messages wait in `refused`.
    private final Set<Object> waiting = new HashSet<>();

    /// How the shards are had to write; one for each, so it is short.
    private final List<Runnable> writes = new ArrayList<>();

    private long published;
    private long failed;

    Publishing(Broker broker, LoopThread loop) {
        this.broker = broker;
        this.loop = loop;
    }

    /// Messages that were recorded.
    long published() {
        return published;
    }

    /// Messages that were not.
    long refused() {
        return failed;
    }

    /// One message under way; a link of the stack of those that are answered.
    private final class Pending implements PublishReply {
        private final Object origin;
        private final Principal principal;
        private final Publication publication;
        private final Door.Reply reply;
        private @Nullable MillraceException problem;
        @Nullable Pending next;

        Pending(Object origin, Principal principal, Publication publication, Door.Reply reply) {
            this.origin = origin;
            this.principal = principal;
            this.publication = publication;
            this.reply = reply;
        }

        @Override
        public boolean lend(Runnable write) {
            writeSoon(write);
            return true;
        }

        @Override
        public void stored(List<Receipt> receipts) {
            put(this);
        }

        @Override
        public void failed(MillraceException cause) {
            problem = cause;
            put(this);
        }

        /// What goes wrong with one client's answer must not keep the others' from them.
        void answer() {
            MillraceException cause = problem;
            try {
                if (cause == null) {
                    published++;
                    reply.recorded();
                } else {
                    failed++;
                    reply.failed(cause);
                }
            } catch (RuntimeException e) {
                LOG.error("A message could not be answered", e);
            }
        }
    }

    /// When what all clients have sent by now is handed over: each of them would be a write of its
    /// own else.
    private void writeSoon(Runnable write) {
        if (!writes.contains(write)) {
            writes.add(write);
            if (writes.size() == 1) {
                loop.execute(this::write);
            }
        }
    }

    private void write() {
        List<Runnable> all = List.copyOf(writes);
        writes.clear();
        all.forEach(Runnable::run);
    }

    private void put(Pending pending) {
        Pending before;
        do {
            before = answered.get();
            pending.next = before;
        } while (!answered.compareAndSet(before, pending));
        if (before == null) {
            loop.execute(this::answerAll);
        }
    }

    private void answerAll() {
        Pending first = null;
        Pending each = answered.getAndSet(null);
        while (each != null) {
            Pending earlier = each.next;
            each.next = first;
            first = each;
            each = earlier;
        }
        while (first != null) {
            Pending next = first.next;
            first.next = null;
            first.answer();
            first = next;
        }
        loop.flush();
    }

    /// @param origin what keeps its order
    void publish(Object origin, Principal principal, Publication publication, Door.Reply reply) {
        Pending pending = new Pending(origin, principal, publication, reply);
        if (!waiting.isEmpty() && waiting.contains(origin)) {
            refused.add(pending);
        } else if (!isTaken(pending)) {
            refuse(pending);
        }
    }

    /// @return false if it has to be tried again
    private boolean isTaken(Pending pending) {
        try {
            broker.publish(pending.principal, List.of(pending.publication), pending);
            return true;
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.OVERLOADED) {
                return false;
            }
            failed++;
            pending.reply.failed(e);
            return true;
        }
    }

    private void refuse(Pending pending) {
        if (refused.isEmpty()) {
            loop.schedule(this::tryAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        refused.add(pending);
        waiting.add(pending.origin);
    }

    private void tryAgain() {
        Pending pending = refused.peek();
        while (pending != null && isTaken(pending)) {
            refused.remove();
            pending = refused.peek();
        }
        waiting.clear();
        refused.forEach(each -> waiting.add(each.origin));
        if (!refused.isEmpty()) {
            loop.schedule(this::tryAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        loop.flush();
    }
}
