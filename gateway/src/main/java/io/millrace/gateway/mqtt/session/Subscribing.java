package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0, sections 3.8 and 3.10), one after the other. Owned by the
/// connection's event loop.
final class Subscribing {
    private static final String FORMAT = "millrace-format";
    private static final int FAILURE = 0x80;

    private final Conversation conversation;
    private final ClientSession session;
    private final Subscriber subscriber;
    private final Door door;
    private final MqttLimits limits;
    private final boolean isFive;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    private boolean isBusy;

    Subscribing(
            Conversation conversation,
            ClientSession session,
            Subscriber subscriber,
            Door door,
            MqttLimits limits,
            boolean isFive) {
        this.conversation = conversation;
        this.session = session;
        this.subscriber = subscriber;
        this.door = door;
        this.limits = limits;
        this.isFive = isFive;
    }

    boolean wantsNoLocal() {
        for (Subscription each : session.subscriptions()) {
            if (each.options().noLocal()) {
                return true;
            }
        }
        return false;
    }

    /// Brings the subscriptions of a session back to life.
    void begin(Runnable done) {
        isBusy = true;
        List<Subscription> all = List.copyOf(session.subscriptions());
        Counted counted =
                new Counted(
                        all.size(),
                        () -> {
                            subscriber.start();
                            done.run();
                            next();
                        });
        // Before anything comes live, which would be read from the log once more.
        subscriber.begin(session.places());
        all.forEach(each -> {
            each.subscriber(subscriber);
            door.subscribe(conversation, each, _ -> counted.one());
        });
        counted.one();
    }

    /// Runs something when all of several things have happened.
    private static final class Counted {
        private final Runnable then;
        private int left;

        /// @param count besides the one call by which its owner says that all have begun
        Counted(int count, Runnable then) {
            this.left = count + 1;
            this.then = then;
        }

        void one() {
            left--;
            if (left == 0) {
                then.run();
            }
        }
    }

    private void run(Runnable action) {
        if (isBusy) {
            waiting.add(action);
        } else {
            isBusy = true;
            action.run();
        }
    }

    private void next() {
        isBusy = false;
        if (!conversation.isOpen()) {
            waiting.clear();
        }
        Runnable action = waiting.poll();
        if (action != null) {
            isBusy = true;
            action.run();
        } else {
            conversation.leave();
        }
    }

    /// Whether something is under way; the session cannot be left then.
    boolean isBusy() {
        return isBusy;
    }

    /// @throws Refused if it is against the protocol
    void subscribe(MqttSubscribeMessage packet) {
        MqttProperties properties =
                isFive
                        ? packet.idAndPropertiesVariableHeader().properties()
                        : MqttProperties.NO_PROPERTIES;
        int identifier =
                (int) Properties.number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER, -1);
        if (identifier == 0) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "a subscription identifier must not be 0");
        }
        MessageFormat format = format(properties);
        List<Wish> wishes = new ArrayList<>();
        for (MqttTopicSubscription each : packet.payload().topicSubscriptions()) {
            wishes.add(wish(each, Math.max(0, identifier), format));
        }
        if (wishes.isEmpty()) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "SUBSCRIBE without a topic filter");
        }
        int packetId = packet.variableHeader().messageId();
        run(() -> subscribe(packetId, wishes));
    }

    private static MessageFormat format(MqttProperties properties) {
        for (UserProperty each : Properties.userProperties(properties)) {
            if (each.name().equals(FORMAT)) {
                MessageFormat known = MessageFormat.of(each.value());
                if (known == null) {
                    throw new Refused(
                            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                            "%s is auto, raw, structured or binary, not %s"
                                    .formatted(FORMAT, each.value()));
                }
                return known;
            }
        }
        return MessageFormat.AUTO;
    }

    /// One subscription that is asked for.
    private static final class Wish {
        final @Nullable Subscription subscription;
        int code;
        boolean isNew;
        boolean isHad;
        @Nullable String why;

        Wish(@Nullable Subscription subscription, int code) {
            this.subscription = subscription;
            this.code = code;
        }
    }

    private Wish wish(MqttTopicSubscription wanted, int identifier, MessageFormat format) {
        String text = wanted.topicFilter() == null ? "" : wanted.topicFilter();
        TopicFilter filter;
        try {
            if (!Properties.isText(text)) {
                throw new Refused(
                        ReasonCode.TOPIC_FILTER_INVALID,
                        "the topic filter has characters that no topic has");
            }
            filter = TopicFilter.of(text);
        } catch (MillraceException e) {
            return refused(ReasonCode.TOPIC_FILTER_INVALID, e.getMessage());
        }
        var option = wanted.option();
        if (filter.share() != null && option.isNoLocal()) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "a shared subscription cannot be without its own");
        }
        int qos = option.qos().value();
        Subscription subscription =
                new Subscription(
                        filter,
                        new Subscription.Options(
                                text,
                                qos,
                                option.isNoLocal(),
                                option.isRetainAsPublished(),
                                option.retainHandling().value(),
                                identifier,
                                format));
        return new Wish(subscription, qos);
    }

    private Wish refused(ReasonCode reason, @Nullable String why) {
        Wish wish = new Wish(null, isFive ? reason.code() : FAILURE);
        wish.why = why;
        return wish;
    }

    private void subscribe(int packetId, List<Wish> wishes) {
        Counted counted = new Counted(wishes.size(), () -> subscribed(packetId, wishes));
        Set<String> fresh = new HashSet<>();
        int subscriptionsBefore = session.subscriptionCount();
        for (Wish wish : wishes) {
            Subscription wanted = wish.subscription;
            if (wanted == null) {
                counted.one();
                continue;
            }
            String filter = wanted.options().filter();
            wish.isNew = session.find(filter) == null && !fresh.contains(filter);
            int count = subscriptionsBefore + fresh.size();
            if (wish.isNew && count >= limits.subscriptionsMax()) {
                fail(
                        wish,
                        ReasonCode.QUOTA_EXCEEDED,
                        "a session has at most %d subscriptions"
                                .formatted(limits.subscriptionsMax()));
                counted.one();
                continue;
            }
            if (wish.isNew) {
                fresh.add(filter);
            }
            wanted.subscriber(subscriber);
            door.subscribe(
                    conversation,
                    wanted,
                    problem -> {
                        if (problem == null) {
                            wish.isHad = true;
                            replace(wanted);
                        } else {
                            fail(wish, MqttErrors.of(problem), MqttErrors.message(problem));
                        }
                        counted.one();
                    });
        }
        counted.one();
    }

    private void fail(Wish wish, ReasonCode reason, String why) {
        wish.code = isFive ? reason.in(MqttMessageType.SUBACK).code() : FAILURE;
        wish.why = why;
    }

    private void replace(Subscription wanted) {
        Subscription before = session.put(wanted);
        subscriber.subscribed(wanted, before);
        if (before != null) {
            door.unsubscribe(session, before);
        }
    }

    private void subscribed(int packetId, List<Wish> wishes) {
        kept(problem -> {
            if (problem != null) {
                // What is not on disk is not promised.
                wishes.forEach(wish -> takeBack(wish, problem));
            }
            List<Integer> codes = wishes.stream().map(wish -> wish.code).toList();
            String why =
                    wishes.stream()
                            .map(wish -> wish.why)
                            .filter(java.util.Objects::nonNull)
                            .findFirst()
                            .orElse(null);
            conversation.answer(
                    Packets.subscribed(packetId, codes, conversation.mayExplain() ? why : null));
            wishes.forEach(this::sendRetained);
            next();
        });
    }

    private void takeBack(Wish wish, MillraceException problem) {
        Subscription wanted = wish.subscription;
        if (wanted == null || !wish.isHad) {
            return;
        }
        fail(wish, MqttErrors.of(problem), MqttErrors.message(problem));
        // One that it has replaced was covered as well, and stays.
        if (wish.isNew) {
            Subscription gone = session.remove(wanted.options().filter());
            if (gone != null) {
                door.unsubscribe(session, gone);
            }
        }
    }

    private void sendRetained(Wish wish) {
        Subscription subscription = wish.subscription;
        if (subscription == null || wish.code >= FAILURE) {
            return;
        }
        int handling = subscription.options().retainHandling();
        boolean isWanted = handling == 0 || (handling == 1 && wish.isNew);
        // Those of a share get none (section 4.8.2).
        if (isWanted && subscription.filter().share() == null && conversation.isOpen()) {
            subscriber.sendRetainedOf(subscription);
        }
    }

    private void kept(Notes.Done done) {
        if (session.isDurable()) {
            door.keep(session, subscriber, done);
        } else {
            done.done(null);
        }
    }

    /// @throws Refused if it is against the protocol
    void unsubscribe(MqttUnsubscribeMessage packet) {
        List<String> filters = List.copyOf(packet.payload().topics());
        if (filters.isEmpty()) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter");
        }
        int packetId = packet.variableHeader().messageId();
        run(() -> unsubscribe(packetId, filters));
    }

    private void unsubscribe(int packetId, List<String> filters) {
        List<Short> codes = new ArrayList<>();
        for (String filter : filters) {
            Subscription gone = session.remove(filter);
            if (gone != null) {
                door.unsubscribe(session, gone);
            }
            ReasonCode reason =
                    gone == null ? ReasonCode.NO_SUBSCRIPTION_EXISTED : ReasonCode.SUCCESS;
            codes.add((short) reason.code());
        }
        kept(problem -> {
            if (problem == null) {
                conversation.answer(Packets.unsubscribed(packetId, codes));
            } else {
                // After a crash it would be there again, and the client can be told in no answer.
                conversation.end(MqttErrors.of(problem), MqttErrors.message(problem));
            }
            next();
        });
    }
}
