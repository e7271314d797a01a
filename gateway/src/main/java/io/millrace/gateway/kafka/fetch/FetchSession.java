package io.millrace.gateway.kafka.fetch;

import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/// What a client fetches again and again, so that each request names only what has changed, and
/// each answer too (KIP-227). Thread-safe.
final class FetchSession {
    /// The first number of a request within a session; 0 begins one.
    private static final int FIRST_EPOCH = 1;

    private final int id;
    private final Principal principal;
    private final boolean byIds;

    /// In the order in which they are read; those that gave records go to the end.
    private final LinkedHashMap<PartitionKey, Entry> entries = new LinkedHashMap<>();

    private int epoch = FIRST_EPOCH;
    private volatile long usedNanos;

    /// What is wanted of a partition, and what the client was told of it last.
    private static final class Entry {
        private FetchTarget target;
        private long start = -1;
        private long stable = -1;
        private long end = -1;

        Entry(FetchTarget target) {
            this.target = target;
        }

        boolean learns(PartitionData data) {
            boolean news =
                    start != data.logStartOffset()
                            || stable != data.lastStableOffset()
                            || end != data.highWatermark();
            start = data.logStartOffset();
            stable = data.lastStableOffset();
            end = data.highWatermark();
            return news;
        }
    }

    /// @param byIds whether topics are named by their ids
    FetchSession(int id, Principal principal, boolean byIds, long nowNanos) {
        this.id = id;
        this.principal = principal;
        this.byIds = byIds;
        this.usedNanos = nowNanos;
    }

    int id() {
        return id;
    }

    boolean belongsTo(Principal other) {
        return principal.equals(other);
    }

    boolean isByIds() {
        return byIds;
    }

    long usedNanos() {
        return usedNanos;
    }

    void used(long nowNanos) {
        usedNanos = nowNanos;
    }

    synchronized int size() {
        return entries.size();
    }

    /// Counts a request.
    synchronized Errors advance(int requested) {
        if (requested != epoch) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        epoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH : epoch + 1;
        return Errors.NONE;
    }

    synchronized void change(List<FetchTarget> wanted, List<PartitionKey> forgotten) {
        for (FetchTarget target : wanted) {
            entries.computeIfAbsent(target.key(), _ -> new Entry(target)).target = target;
        }
        forgotten.forEach(entries::remove);
    }

    synchronized List<FetchTarget> targets() {
        List<FetchTarget> targets = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> targets.add(entry.target));
        return targets;
    }

    /// Leaves only what the client does not know yet. Errors are told every time.
    synchronized void reduce(Map<PartitionKey, PartitionData> answers, boolean isFull) {
        answers.entrySet()
                .removeIf(answer -> {
                    boolean tells = tells(answer.getKey(), answer.getValue());
                    return !tells && !isFull;
                });
    }

    private boolean tells(PartitionKey key, PartitionData data) {
        Entry entry = entries.get(key);
        boolean hasRecords = data.records() != null && data.records().sizeInBytes() > 0;
        if (entry == null) {
            return hasRecords;
        }
        if (hasRecords) {
            // Who gave something comes last next time, so that nobody starves.
            entries.remove(key);
            entries.put(key, entry);
        }
        boolean news = entry.learns(data);
        return hasRecords || news || data.errorCode() != Errors.NONE.code();
    }
}
