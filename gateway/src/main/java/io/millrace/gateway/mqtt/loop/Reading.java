package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Received;
import io.millrace.gateway.mqtt.session.RetainedFeed;
import io.millrace.gateway.mqtt.session.Subscriber;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.router.Backlog;
import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log for the sessions of one event loop, each piece on a virtual thread, and brings
/// what was read back to the loop. Thread-safe.
final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final int PIECE_BYTES = 256 << 10;
    private static final int PIECE_EVENTS = 256;
    private static final int PAGE = 200;

    /// Reads at a time, so that a thousand clients that come back do not fill the memory.
    private static final int READS_MAX = 32;

    private static final long RETRY_MILLIS = 1_000;

    private final Broker broker;
    private final Backlog backlog;
    private final ExecutorService threads;
    private final LoopThread loop;
    private final Semaphore places = new Semaphore(READS_MAX);

    Reading(Broker broker, Backlog backlog, ExecutorService threads, LoopThread loop) {
        this.broker = broker;
        this.backlog = backlog;
        this.threads = threads;
        this.loop = loop;
    }

    /// Runs a read, and its result on the loop.
    private void run(Runnable retry, java.util.function.Supplier<Runnable> read) {
        try {
            threads.execute(() -> {
                Runnable then;
                places.acquireUninterruptibly();
                try {
                    then = read.get();
                } catch (RuntimeException e) {
                    LOG.warn("A session's events cannot be read now", e);
                    loop.schedule(retry, RETRY_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
                    return;
                } finally {
                    places.release();
                }
                loop.execute(() -> {
                    then.run();
                    loop.flush();
                });
            });
        } catch (RejectedExecutionException _) {
            // The server is stopping.
        }
    }

    void piece(
            Subscriber subscriber, PartitionName partition, long from, Predicate<Context> wanted) {
        run(
                () -> piece(subscriber, partition, from, wanted),
                () -> {
                    long next = from;
                    // What nobody wants is passed over here, not once around the loop each time.
                    while (true) {
                        Backlog.Piece piece =
                                backlog.read(partition, next, wanted, PIECE_EVENTS, PIECE_BYTES);
                        if (piece == null) {
                            return () -> subscriber.gone(partition);
                        }
                        next = piece.next();
                        if (!piece.events().isEmpty() || piece.isAtEnd()) {
                            return () -> subscriber.read(partition, piece.events(), piece.next());
                        }
                    }
                });
    }

    void find(Subscriber subscriber, List<Sent> sent) {
        run(
                () -> find(subscriber, sent),
                () -> {
                    List<@Nullable StoredEvent> events = new ArrayList<>(sent.size());
                    for (Sent each : sent) {
                        events.add(backlog.at(each.partition(), each.offset()));
                    }
                    return () -> subscriber.found(sent, events);
                });
    }

    /// See [MqttLoop#search].
    void search(
            ClientSession session,
            List<Received.Entry> unknown,
            Runnable then,
            Consumer<MillraceException> failed) {
        threads.execute(() -> {
            try {
                unknown.forEach(each -> search(session, each));
            } catch (MillraceException e) {
                failed.accept(e);
                return;
            }
            then.run();
        });
    }

    private void search(ClientSession session, Received.Entry entry) {
        PartitionName partition = entry.partition();
        boolean isRecorded =
                partition != null
                        && backlog.isRecorded(
                                partition, entry.fromOffset(), session.number(), entry.number());
        if (isRecorded) {
            entry.recorded();
        } else {
            session.received().forget(entry.identifier());
        }
    }

    void retained(
            Principal principal,
            Subscriber subscriber,
            Subscription subscription,
            @Nullable Context after) {
        run(
                () -> retained(principal, subscriber, subscription, after),
                () -> {
                    List<RetainedFeed.Entry> page = new ArrayList<>();
                    Context next =
                            RetainedPages.read(
                                    broker,
                                    backlog,
                                    principal,
                                    subscription.filter(),
                                    after,
                                    PAGE,
                                    page);
                    return () -> subscriber.retained(subscription, page, next);
                });
    }
}
