package io.millrace.gateway.kafka.share;

import io.millrace.broker.share.Share;
import io.millrace.group.LeasedOffsets;
import io.millrace.group.SettleRange;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One consumer of a share group as the fetching side knows it: its session, which partitions that
/// is about, and what the consumer holds. Thread-safe.
///
/// What it holds goes back when the session ends, also by the end of the connection that it was
/// opened on. A consumer that opens the next session before keeps it, and may settle it there.
final class ShareMember {
    static final int FIRST_EPOCH = 0;
    static final int LAST_EPOCH = -1;

    private final Key key;
    private final Set<SharedPartition> partitions = new LinkedHashSet<>();
    private final Map<Uuid, Share> shares = new HashMap<>();
    private final Map<SharedPartition, Holding> held = new HashMap<>();
    private boolean isOpen;

    /// On which the session was opened.
    private long connection;

    private int epoch;
    private long usedMillis;
    private @Nullable FetchWait waiting;

    /// @param member as the consumer calls itself
    /// @param principal whose session it is; nobody else finds it
    record Key(String group, String member, Principal principal) {}

    ShareMember(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    /// Goes on with the session, opens or closes it.
    ///
    /// @return what is wrong; then nothing has changed
    synchronized Errors advance(SessionStep step, long nowMillis) {
        if (step.isFirst()) {
            isOpen = true;
            connection = step.peer().connection();
            epoch = 1;
            partitions.clear();
        } else if (step.epoch() == FIRST_EPOCH) {
            return Errors.INVALID_SHARE_SESSION_EPOCH;
        } else if (!isOpen) {
            return Errors.SHARE_SESSION_NOT_FOUND;
        } else if (step.isLast()) {
            close();
        } else if (step.epoch() != epoch) {
            return Errors.INVALID_SHARE_SESSION_EPOCH;
        } else {
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        }
        usedMillis = nowMillis;
        return Errors.NONE;
    }

    synchronized boolean isOpen() {
        return isOpen;
    }

    synchronized long usedMillis() {
        return usedMillis;
    }

    /// Closes the session without a request.
    synchronized void close() {
        isOpen = false;
        partitions.clear();
        if (waiting != null) {
            waiting.timeOver();
            waiting = null;
        }
    }

    /// Ends the session if it was opened on a connection that is gone now, and gives back what the
    /// consumer holds.
    void gone(long lost) {
        synchronized (this) {
            if (!isOpen || connection != lost) {
                return;
            }
            close();
        }
        var _ = release();
    }

    /// A request of it waits; `null` if none does any more.
    synchronized void waiting(@Nullable FetchWait wait) {
        waiting = wait;
    }

    synchronized void add(Collection<SharedPartition> more) {
        partitions.addAll(more);
    }

    synchronized void forget(Collection<SharedPartition> less) {
        partitions.removeAll(less);
    }

    /// What the session is about.
    synchronized List<SharedPartition> partitions() {
        return List.copyOf(partitions);
    }

    /// What is drained of a topic; `null` if that is not known yet, or not any more.
    synchronized @Nullable Share share(Uuid topic) {
        Share known = shares.get(topic);
        if (known != null && known.isGone()) {
            shares.remove(topic);
            return null;
        }
        return known;
    }

    synchronized void share(Uuid topic, Share share) {
        shares.put(topic, share);
    }

    /// It was given these.
    synchronized void given(SharedPartition partition, LeasedOffsets leased) {
        held.computeIfAbsent(partition, _ -> new Holding()).add(leased);
    }

    /// Settles what the consumer says of a partition.
    ///
    /// @return the outcome, on any thread
    CompletableFuture<Errors> settle(
            SharedPartition partition, List<Acknowledged> batches, long nowMillis) {
        Share share;
        List<SettleRange> ranges = new ArrayList<>();
        synchronized (this) {
            share = share(partition.topic());
            if (share == null) {
                return CompletableFuture.completedFuture(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (!collect(partition, batches, ranges)) {
                return CompletableFuture.completedFuture(Errors.INVALID_RECORD_STATE);
            }
        }
        if (ranges.isEmpty()) {
            return CompletableFuture.completedFuture(Errors.NONE);
        }
        long renewedUntil = nowMillis + share.lease().toMillis();
        return share.settle(partition.partition(), ranges)
                .thenApply(holds -> {
                    if (holds) {
                        settled(partition, ranges, renewedUntil);
                    }
                    return holds ? Errors.NONE : Errors.INVALID_RECORD_STATE;
                });
    }

    private boolean collect(
            SharedPartition partition, List<Acknowledged> batches, List<SettleRange> ranges) {
        Holding holding = held.getOrDefault(partition, new Holding());
        for (Acknowledged batch : batches) {
            boolean isHeld =
                    batch.visit((first, last, type) ->
                            holding.collect(
                                    first, last, action(type), type != Acknowledged.GAP, ranges));
            if (!isHeld) {
                return false;
            }
        }
        return true;
    }

    /// Where the consumer found no record, there is none to be given out again.
    private static SettleRange.Action action(byte type) {
        return switch (type) {
            case Acknowledged.GAP, Acknowledged.ACCEPT -> SettleRange.Action.COMPLETE;
            case Acknowledged.RELEASE -> SettleRange.Action.RETURN;
            case Acknowledged.REJECT -> SettleRange.Action.REJECT;
            case Acknowledged.RENEW -> SettleRange.Action.RENEW;
            default -> throw new IllegalArgumentException("no type of acknowledgement: " + type);
        };
    }

    private synchronized void settled(
            SharedPartition partition, List<SettleRange> ranges, long renewedUntil) {
        Holding holding = held.get(partition);
        if (holding == null) {
            return;
        }
        for (SettleRange range : ranges) {
            if (range.action() == SettleRange.Action.RENEW) {
                holding.renew(range.first(), range.last(), renewedUntil);
            } else {
                holding.remove(range.first(), range.last());
            }
        }
        if (holding.isEmpty()) {
            held.remove(partition);
        }
    }

    /// Forgets leases that ended a while ago.
    synchronized void expire(long nowMillis) {
        held.values().forEach(holding -> holding.expire(nowMillis));
        held.values().removeIf(Holding::isEmpty);
    }

    /// Whether nothing is known of it that matters.
    synchronized boolean isIdle() {
        return !isOpen && held.isEmpty();
    }

    /// Gives everything back that it holds, as it had its chance with it: what was given out as
    /// often as it may goes to the dead letters.
    ///
    /// @return complete when that is done
    CompletableFuture<?> release() {
        List<SharedPartition> all;
        synchronized (this) {
            all = List.copyOf(held.keySet());
        }
        return CompletableFuture.allOf(
                all.stream()
                        .map(partition -> release(partition, SettleRange.Action.RETURN))
                        .toArray(CompletableFuture[]::new));
    }

    /// Gives everything back that it holds of a partition and has not seen.
    CompletableFuture<?> releaseUnseen(SharedPartition partition) {
        return release(partition, SettleRange.Action.RELEASE);
    }

    private CompletableFuture<?> release(SharedPartition partition, SettleRange.Action action) {
        Holding holding;
        Share share;
        synchronized (this) {
            holding = held.remove(partition);
            share = share(partition.topic());
        }
        if (holding == null || share == null) {
            return CompletableFuture.completedFuture(true);
        }
        List<SettleRange> ranges = holding.all(action);
        return ranges.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : share.release(partition.partition(), ranges);
    }
}
