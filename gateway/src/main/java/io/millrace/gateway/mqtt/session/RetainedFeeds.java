package io.millrace.gateway.mqtt.session;

import io.millrace.event.Context;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Retained messages on their way to one session, one subscription after the other. Owned by the
/// session's event loop.
final class RetainedFeeds {
    private final ClientSession session;
    private final Reads reads;
    private final Sender sender;
    private final ArrayDeque<RetainedFeed> feeds = new ArrayDeque<>(0);
    private final Delivery delivery = new Delivery();

    RetainedFeeds(ClientSession session, Reads reads, Sender sender) {
        this.session = session;
        this.reads = reads;
        this.sender = sender;
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    void begin(Subscriber subscriber, Subscription subscription) {
        RetainedFeed feed = new RetainedFeed(subscription);
        feeds.add(feed);
        feed.isReading = true;
        reads.retained(subscriber, subscription, null);
    }

    void read(Subscription subscription, List<RetainedFeed.Entry> page, @Nullable Context next) {
        for (RetainedFeed feed : feeds) {
            if (feed.subscription() == subscription && feed.isReading) {
                feed.isReading = false;
                feed.add(page, next);
                break;
            }
        }
    }

    /// Sends as many as there is room for.
    void send(Subscriber subscriber) {
        while (!feeds.isEmpty()) {
            RetainedFeed feed = feeds.element();
            RetainedFeed.Entry entry = feed.peek();
            while (entry != null) {
                if (!send(feed.subscription(), entry)) {
                    return;
                }
                feed.take();
                entry = feed.peek();
            }
            if (feed.isReading) {
                return;
            }
            if (feed.isDone()) {
                feeds.remove();
            } else {
                feed.isReading = true;
                reads.retained(subscriber, feed.subscription(), feed.next());
                return;
            }
        }
    }

    private boolean send(Subscription subscription, RetainedFeed.Entry entry) {
        Subscription.Options options = subscription.options();
        StoredEvent event = entry.event();
        if (session.find(options.filter()) != subscription) {
            // Unsubscribed meanwhile.
            return true;
        }
        int qos = Math.min(options.qos(), event.marks().qos());
        if (qos == 0 && !sender.isWritable()) {
            return false;
        }
        delivery.subscriptionCount = 0;
        delivery.format = options.format();
        if (options.identifier() != 0) {
            delivery.addSubscription(options.identifier());
        }
        delivery.qos = qos;
        delivery.isRetained = true;
        return sender.send(entry.partition(), event, delivery);
    }
}
