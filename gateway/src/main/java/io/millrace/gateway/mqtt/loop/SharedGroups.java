package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.broker.Shares;
import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.session.Notes;
import io.millrace.gateway.mqtt.session.Subscriber;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.resource.StartPoint;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shared subscriptions (MQTT 5.0, section 4.8.2), each of which is a pull subscription that its
/// members drain together, with whoever drains it over other protocols. Thread-safe.
///
/// The pull subscription is there as long as some session is subscribed, connected or not.
public final class SharedGroups {
    private static final Logger LOG = LoggerFactory.getLogger(SharedGroups.class);

    /// A client that does not acknowledge keeps its events as long as it is connected, see
    /// [SharedGroup]; this is how long they stay leased when the server dies.
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final int DELIVERIES_MAX = 10;

    private final Broker broker;
    private final ExecutorService threads;

    /// Held while a pull subscription is created or deleted, so that nobody joins one that goes.
    private final Object opening = new Object();

    /// Guarded by this: groups that have members.
    private final Map<String, SharedGroup> groups = new HashMap<>();

    /// Guarded by this: how many sessions are subscribed.
    private final Map<String, Integer> sessions = new HashMap<>();

    /// @param threads virtual ones
    public SharedGroups(Broker broker, ExecutorService threads) {
        this.broker = broker;
        this.threads = threads;
    }

    /// A connected session takes part.
    ///
    /// @param done called on the loop
    void join(
            MqttLoop loop,
            Principal principal,
            Subscription subscription,
            Subscriber subscriber,
            Notes.Done done) {
        try {
            threads.execute(() -> {
                MillraceException problem = null;
                try {
                    open(loop, principal, subscription, subscriber);
                } catch (MillraceException e) {
                    problem = e;
                }
                MillraceException told = problem;
                loop.execute(() -> {
                    done.done(told);
                    loop.flush();
                });
            });
        } catch (RejectedExecutionException _) {
            // The server is stopping.
        }
    }

    private void open(
            MqttLoop loop, Principal principal, Subscription subscription, Subscriber subscriber) {
        TopicFilter filter = subscription.filter();
        String name;
        synchronized (opening) {
            name =
                    broker.shares()
                            .openPattern(
                                    principal,
                                    share(filter),
                                    inner(filter),
                                    filter.pattern(),
                                    new Shares.NewShare(
                                            new StartPoint.Latest(), LEASE, DELIVERIES_MAX));
        }
        synchronized (this) {
            SharedGroup group = groups.get(filter.text());
            if (group == null) {
                group = new SharedGroup(broker, principal, name, threads);
                groups.put(filter.text(), group);
                group.start();
            }
            group.add(new SharedGroup.Member(loop, subscription, subscriber));
        }
    }

    private static String share(TopicFilter filter) {
        return Objects.requireNonNull(filter.share(), "shared");
    }

    /// The filter behind the share's name.
    private static String inner(TopicFilter filter) {
        String prefix = "$share/" + share(filter) + "/";
        return filter.text().substring(prefix.length());
    }

    /// A connected session takes part no more.
    synchronized void leave(Subscription subscription) {
        String text = subscription.filter().text();
        SharedGroup group = groups.get(text);
        if (group != null && group.remove(subscription)) {
            groups.remove(text);
        }
    }

    /// A session has subscribed, or was found at the start.
    synchronized void retain(TopicFilter filter) {
        sessions.merge(filter.text(), 1, Integer::sum);
    }

    /// A session has ended its subscription, or has ended.
    void drop(TopicFilter filter) {
        synchronized (this) {
            if (sessions.computeIfPresent(filter.text(), (_, n) -> n == 1 ? null : n - 1) != null) {
                return;
            }
        }
        try {
            threads.execute(() -> {
                try {
                    forget(filter);
                } catch (MillraceException e) {
                    LOG.warn("{} cannot be given up: {}", filter, e.getMessage());
                }
            });
        } catch (RejectedExecutionException _) {
            // The server is stopping; it is found again at the next start.
        }
    }

    private void forget(TopicFilter filter) {
        synchronized (opening) {
            synchronized (this) {
                if (sessions.containsKey(filter.text())) {
                    // Somebody has subscribed since.
                    return;
                }
            }
            broker.shares().forgetPattern(Principal.LOCAL, share(filter), inner(filter));
        }
    }

    /// Ends all groups.
    synchronized void close() {
        groups.values().forEach(SharedGroup::close);
        groups.clear();
    }
}
