package io.millrace.gateway.kafka.fetch;

import io.millrace.io.Clock;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The sessions of all clients: a bounded number, with a bounded number of partitions. Thread-safe.
///
/// Clients do not say when they go, so that a new session takes the place of the one that was not
/// used for the longest time, if that time is long enough. Who gets none fetches without.
public final class FetchSessions {
    /// An unused session is safe for so long, as with Apache Kafka.
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final int sessionsMax;
    private final int partitionsMax;
    private final Clock clock;
    private final RandomGenerator random;

    /// Guarded by this.
    private final Map<Integer, FetchSession> sessions = new HashMap<>();

    /// @param partitionsMax in all sessions together
    public FetchSessions(int sessionsMax, int partitionsMax, Clock clock, RandomGenerator random) {
        this.sessionsMax = sessionsMax;
        this.partitionsMax = partitionsMax;
        this.clock = clock;
        this.random = random;
    }

    /// A new session; `null` if there is no room.
    ///
    /// @param partitions that it is to have
    synchronized @Nullable FetchSession create(Principal principal, boolean byIds, int partitions) {
        long now = clock.nanoTime();
        while (sessions.size() >= sessionsMax || partitions() + partitions > partitionsMax) {
            FetchSession oldest = oldest();
            if (oldest == null || now - oldest.usedNanos() < KEPT.toNanos()) {
                return null;
            }
            sessions.remove(oldest.id());
        }
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        FetchSession session = new FetchSession(id, principal, byIds, now);
        sessions.put(id, session);
        return session;
    }

    private @Nullable FetchSession oldest() {
        FetchSession oldest = null;
        for (FetchSession session : sessions.values()) {
            if (oldest == null || session.usedNanos() - oldest.usedNanos() < 0) {
                oldest = session;
            }
        }
        return oldest;
    }

    /// `null` if the principal has no such session.
    synchronized @Nullable FetchSession find(Principal principal, int id) {
        FetchSession session = sessions.get(id);
        if (session == null || !session.belongsTo(principal)) {
            return null;
        }
        session.used(clock.nanoTime());
        return session;
    }

    /// Whether a session may have so many partitions more.
    synchronized boolean hasRoom(int more) {
        return partitions() + more <= partitionsMax;
    }

    synchronized void remove(Principal principal, int id) {
        FetchSession session = sessions.get(id);
        if (session != null && session.belongsTo(principal)) {
            sessions.remove(id);
        }
    }

    /// Sessions now.
    public synchronized int size() {
        return sessions.size();
    }

    /// Partitions in all sessions.
    public synchronized int partitions() {
        int count = 0;
        for (FetchSession session : sessions.values()) {
            count += session.size();
        }
        return count;
    }
}
