package io.millrace.gateway.kafka.share;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The consumers that have a share session, or hold something. Thread-safe.
final class ShareSessions {
    /// Leases that ended may be settled late without harm: the cursor refuses. After so long they
    /// are forgotten.
    private static final long GRACE_MILLIS = 10_000;

    /// A session that was not used for so long gives way to a new one.
    private static final long IDLE_MILLIS = 120_000;

    private final int max;
    private final Map<ShareMember.Key, ShareMember> members = new ConcurrentHashMap<>();

    /// @param max sessions at once
    ShareSessions(int max) {
        this.max = max;
    }

    @Nullable ShareMember find(ShareMember.Key key) {
        return members.get(key);
    }

    /// One that is to have a session; `null` if there are too many.
    @Nullable ShareMember obtain(ShareMember.Key key, long nowMillis) {
        ShareMember known = members.get(key);
        if (known != null) {
            return known;
        }
        if (members.size() >= max && !makeRoom(nowMillis)) {
            return null;
        }
        return members.computeIfAbsent(key, ShareMember::new);
    }

    /// What an idle session holds ends by its time.
    private synchronized boolean makeRoom(long nowMillis) {
        tidy(nowMillis);
        if (members.size() < max) {
            return true;
        }
        ShareMember oldest =
                members.values().stream()
                        .min(Comparator.comparingLong(ShareMember::usedMillis))
                        .orElse(null);
        if (oldest == null || oldest.usedMillis() + IDLE_MILLIS > nowMillis) {
            return false;
        }
        oldest.close();
        members.remove(oldest.key(), oldest);
        return true;
    }

    /// The consumer is no member of its group any more; what it holds ends by its time, as that is
    /// a failed delivery.
    void left(String group, String member) {
        members.values()
                .removeIf(known -> {
                    boolean isIt =
                            known.key().group().equals(group)
                                    && known.key().member().equals(member);
                    if (isIt) {
                        known.close();
                    }
                    return isIt;
                });
    }

    /// The sessions that were opened on a connection end with it. Never blocks.
    void gone(long connection) {
        members.values().forEach(member -> member.gone(connection));
    }

    /// Forgets what does not matter any more.
    void tidy(long nowMillis) {
        members.values()
                .removeIf(member -> {
                    member.expire(nowMillis - GRACE_MILLIS);
                    return member.isIdle();
                });
    }

    int size() {
        return members.size();
    }
}
