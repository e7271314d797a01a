package io.millrace.gateway.mqtt.loop;

import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Connect;
import io.millrace.gateway.mqtt.session.Conversation;
import io.millrace.gateway.mqtt.session.ReasonCode;
import io.millrace.gateway.mqtt.session.Received;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.gateway.mqtt.session.Will;
import io.millrace.gateway.mqtt.store.SessionStore;
import io.millrace.gateway.mqtt.store.SessionStore.Resting;
import io.millrace.io.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who has which session. One connection at a time: who comes later sends the one before away, and
/// gets the session when that one has let go of it (MQTT 5.0, section 3.1.4). Between two
/// connections a session is nothing but its rows. Thread-safe.
public final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    private final SessionStore store;
    private final SharedGroups shared;
    private final Clock clock;
    private final int restingMax;

    /// Tells sessions of this process from those of others.
    private final String process;

    private final AtomicLong numbers = new AtomicLong();

    /// The last one that asked for each client's session.
    private final ConcurrentHashMap<String, Claim> claims = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Resting> resting = new ConcurrentHashMap<>();

    /// Somebody who has a client's session, or waits for it.
    private record Claim(MqttLoop loop, Conversation conversation, Connect connect) {}

    /// @param process letters and digits that no other process has
    /// @param restingMax sessions without a connection; the one that ended first goes
    public Clients(
            SessionStore store, SharedGroups shared, Clock clock, String process, int restingMax) {
        this.store = store;
        this.shared = shared;
        this.clock = clock;
        this.process = process;
        this.restingMax = restingMax;
    }

    /// Reads the sessions that are there. Waits for the disk; once, before anybody connects.
    public void load() {
        long now = clock.epochMillis();
        store.load()
                .forEach((clientId, each) -> {
                    // Who was connected when the process died has gone just now.
                    resting.put(clientId, each.isConnected() ? each.endedAt(now) : each);
                    try {
                        sharesOf(each.wake(clientId)).forEach(shared::retain);
                    } catch (MillraceException e) {
                        // Others have theirs; this client is told when it comes.
                        LOG.warn("A session is damaged", e);
                    }
                });
    }

    private static List<TopicFilter> sharesOf(ClientSession session) {
        return session.subscriptions().stream()
                .map(Subscription::filter)
                .filter(each -> each.share() != null)
                .toList();
    }

    /// Sessions that somebody is connected to.
    public int connected() {
        return claims.size();
    }

    /// Sessions that wait for their clients.
    public int resting() {
        return resting.size();
    }

    /// Letters and digits that no other session has.
    String newNumber() {
        return process + Long.toString(numbers.incrementAndGet(), Character.MAX_RADIX);
    }

    /// See [io.millrace.gateway.mqtt.session.Door#claim].
    void claim(MqttLoop loop, Conversation conversation, Connect connect) {
        Claim mine = new Claim(loop, conversation, connect);
        Claim last = claims.put(connect.clientId(), mine);
        if (last == null) {
            give(mine);
        } else {
            last.loop.execute(() -> {
                last.conversation.end(
                        ReasonCode.SESSION_TAKEN_OVER, "the client connected once more");
                last.loop.flush();
            });
        }
    }

    private void give(Claim claim) {
        String clientId = claim.connect.clientId();
        Resting known = resting.remove(clientId);
        long now = clock.epochMillis();
        boolean isOver = known != null && (claim.connect.isClean() || known.isExpired(now));
        if (known != null && isOver) {
            // On its loop, where this may not be.
            claim.loop.execute(() -> ended(claim.loop, clientId, known));
        }
        if (known == null || isOver) {
            ClientSession fresh =
                    new ClientSession(clientId, newNumber(), claim.connect.expirySeconds());
            if (isOver) {
                // The client hears of it only when the one before is gone from the disk too.
                fresh.kept();
            }
            claim.loop.execute(() -> claimed(claim, fresh, false));
            return;
        }
        ClientSession session;
        try {
            session = known.wake(clientId);
        } catch (MillraceException e) {
            LOG.warn("A client cannot have its session", e);
            claim.loop.execute(() -> claim.conversation.notClaimed(e));
            release(claim.conversation, clientId);
            return;
        }
        List<Received.Entry> unknown =
                session.received().all().stream().filter(each -> !each.isRecorded()).toList();
        if (claim.connect.expirySeconds() == 0) {
            // It ends with this connection, also if the server dies before that.
            store.forget(clientId, claim.loop::execute, Clients::ignore);
        }
        if (unknown.isEmpty()) {
            claim.loop.execute(() -> claimed(claim, session, true));
        } else {
            claim.loop.search(
                    session,
                    unknown,
                    () -> claim.loop.execute(() -> claimed(claim, session, true)),
                    problem -> {
                        resting.put(clientId, known);
                        claim.loop.execute(() -> claim.conversation.notClaimed(problem));
                        release(claim.conversation, clientId);
                    });
        }
    }

    private static void claimed(Claim claim, ClientSession session, boolean isPresent) {
        claim.conversation.claimed(session, isPresent);
        claim.loop.flush();
    }

    /// A connection has let go of its session. On its loop.
    void left(MqttLoop loop, Conversation conversation, ClientSession session, boolean isWillDue) {
        String clientId = session.clientId();
        long now = clock.epochMillis();
        Will will = session.will();
        boolean isDueNow =
                will != null && isWillDue && (will.delaySeconds() == 0 || !session.isDurable());
        if (!isWillDue || isDueNow) {
            session.will(null);
        }
        if (will != null && isDueNow) {
            // Before somebody can take the session over.
            loop.publishWill(will);
        }
        if (session.isDurable()) {
            Resting rest =
                    store.rest(
                            session,
                            now,
                            loop::execute,
                            problem -> {
                                if (problem != null) {
                                    LOG.warn(
                                            "The session of {} cannot be kept: {}",
                                            clientId,
                                            problem.getMessage());
                                }
                            });
            resting.put(clientId, rest);
            makeRoom(loop);
            if (rest.willDelaySeconds() >= 0) {
                long delay = Math.min(rest.willDelaySeconds(), rest.expirySeconds());
                loop.after(delay, () -> willDue(loop, clientId, rest));
            }
        } else {
            if (session.isKept()) {
                store.forget(clientId, loop::execute, Clients::ignore);
            }
            sharesOf(session).forEach(shared::drop);
        }
        release(conversation, clientId);
    }

    /// Whoever asked last gets it; those in between have been sent away.
    // One and the same conversation, not an equal one.
    @SuppressWarnings("ReferenceEquality")
    private void release(Conversation gone, String clientId) {
        Claim next =
                claims.computeIfPresent(
                        clientId, (_, last) -> last.conversation == gone ? null : last);
        if (next != null) {
            give(next);
        }
    }

    private static void ignore(@Nullable MillraceException problem) {
        if (problem != null) {
            LOG.warn("A session cannot be forgotten: {}", problem.getMessage());
        }
    }

    /// Sessions that ended first go, if there are too many.
    private void makeRoom(MqttLoop loop) {
        while (resting.size() > restingMax) {
            Map.Entry<String, Resting> oldest = null;
            for (Map.Entry<String, Resting> each : resting.entrySet()) {
                if (oldest == null
                        || each.getValue().endedMillis() < oldest.getValue().endedMillis()) {
                    oldest = each;
                }
            }
            if (oldest == null || !resting.remove(oldest.getKey(), oldest.getValue())) {
                return;
            }
            LOG.warn("The session of {} is given up: there are too many", oldest.getKey());
            ended(loop, oldest.getKey(), oldest.getValue());
        }
    }

    /// Ends sessions whose time is over, and publishes wills that are due. Called now and then, on
    /// a loop.
    void sweep(MqttLoop loop) {
        long now = clock.epochMillis();
        for (Map.Entry<String, Resting> each : resting.entrySet()) {
            Resting rest = each.getValue();
            if (rest.isExpired(now) && resting.remove(each.getKey(), rest)) {
                ended(loop, each.getKey(), rest);
            } else if (rest.willDelaySeconds() >= 0
                    && now - rest.endedMillis() >= 1000 * rest.willDelaySeconds()) {
                willDue(loop, each.getKey(), rest);
            }
        }
    }

    /// A session is over: its will is due at the latest now (section 3.1.3.2.2). Any thread.
    private void ended(MqttLoop loop, String clientId, Resting rest) {
        try {
            ClientSession session = rest.wake(clientId);
            sharesOf(session).forEach(shared::drop);
            Will will = session.will();
            if (will != null) {
                loop.execute(() -> loop.publishWill(will));
            }
        } catch (MillraceException e) {
            LOG.warn("What a session leaves behind is lost", e);
        }
        store.forget(clientId, loop::execute, Clients::ignore);
    }

    // The very rest whose will it is.
    @SuppressWarnings("ReferenceEquality")
    private void willDue(MqttLoop loop, String clientId, Resting rest) {
        if (resting.get(clientId) != rest) {
            // The client has come back, or the session has ended, with its will.
            return;
        }
        ClientSession session = rest.wake(clientId);
        Will will = session.will();
        if (will == null) {
            return;
        }
        session.will(null);
        Resting without = store.rest(session, rest.endedMillis(), loop::execute, Clients::ignore);
        if (resting.replace(clientId, rest, without)) {
            loop.publishWill(will);
        }
    }
}
