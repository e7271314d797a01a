package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a log must hold, as a plain list; shares no code with the log.
///
/// Every record has its own value, so that the value tells which one it is.
final class LogModel {
    /// @param value `null` for a tombstone
    /// @param batch the number of its append
    /// @param kind who wrote it, and whether it counts
    record Entry(
            @Nullable String key, @Nullable String value, long timestamp, int batch, Kind kind) {
        boolean isAborted() {
            return kind == Kind.ABORTED;
        }
    }

    enum Kind {
        OWN,
        PRODUCED,
        ABORTED
    }

    private final boolean isCompacted;
    private final List<Entry> entries = new ArrayList<>();

    /// Records that were refused, or cut off by a crash, by the offset they would have had: whether
    /// they come back after a crash is open.
    private final Map<Long, Set<Entry>> ghosts = new HashMap<>();

    private long start;
    private long maybeStart;

    /// From where on nothing may be dropped, and the same for a cleaning under way, which may have
    /// chosen before it was said.
    private long keepFrom = Long.MAX_VALUE;

    private long keepFromOfCleaning = Long.MAX_VALUE;
    private long durable;
    private int appends;
    private long lastTimestamp;

    LogModel(boolean isCompacted) {
        this.isCompacted = isCompacted;
    }

    long start() {
        return start;
    }

    long end() {
        return entries.size();
    }

    long durable() {
        return durable;
    }

    Entry entry(long offset) {
        return entries.get((int) offset);
    }

    int nextBatch() {
        return appends++;
    }

    long raised(long timestamp) {
        return Math.max(timestamp, lastTimestamp);
    }

    void appended(List<Entry> batch) {
        entries.addAll(batch);
        if (batch.getLast().kind() == Kind.OWN) {
            lastTimestamp = batch.getLast().timestamp();
        }
    }

    void refused(List<Entry> batch) {
        for (int i = 0; i < batch.size(); i++) {
            ghosts.computeIfAbsent(end() + i, _ -> new HashSet<>()).add(batch.get(i));
        }
    }

    void flushed() {
        durable = end();
    }

    void keepFrom(long offset) {
        keepFrom = offset;
        keepFromOfCleaning = Math.max(keepFromOfCleaning, offset);
    }

    long keepFrom() {
        return keepFrom;
    }

    /// A new cleaning chooses by what holds now.
    void cleaningPlanned() {
        keepFromOfCleaning = keepFrom;
        maybeStarted();
    }

    void started(long offset) {
        assertThat(offset).as("start offset").isBetween(start, Math.max(start, startMax()));
        start = offset;
    }

    /// All before an offset was dropped, whatever had to be kept.
    void deleted(long offset) {
        start = Math.max(start, offset);
        maybeStart = Math.max(maybeStart, start);
    }

    void maybeDeleted(long offset) {
        maybeStart = Math.max(maybeStart, offset);
    }

    /// Whether a batch begins at the offset.
    boolean isBorder(long offset) {
        return offset <= 0 || offset >= end() || entry(offset).batch() != entry(offset - 1).batch();
    }

    /// Retention was refused: whether it happened shows after a restart only.
    void maybeStarted() {
        maybeStart = Math.max(maybeStart, startMax());
    }

    private long startMax() {
        return Math.min(end(), keepFromOfCleaning);
    }

    /// What is left after a restart: everything that had to stay, as it was, and perhaps more.
    ///
    /// @param promised the offset up to which nothing may be missing
    void recovered(long logStart, long logEnd, long promised, Map<Long, Entry> content) {
        // Retention may have gone further than what was durable.
        long mustHave = Math.max(promised, Math.min(logStart, end()));
        assertThat(logEnd).as("end offset, of what was promised").isGreaterThanOrEqualTo(mustHave);
        assertThat(logStart).as("start offset").isLessThanOrEqualTo(Math.max(start, maybeStart));
        List<Entry> found = new ArrayList<>();
        for (long offset = mustHave; offset < logEnd; offset++) {
            found.add(known(offset, content.get(offset)));
        }
        remember(mustHave);
        for (Entry entry : found) {
            int offset = (int) mustHave++;
            if (offset < end()) {
                entries.set(offset, entry);
            } else {
                entries.add(entry);
            }
        }
        while (end() > logEnd) {
            entries.removeLast();
        }
        lastTimestamp =
                entries.reversed().stream()
                        .filter(entry -> entry.kind() == Kind.OWN)
                        .findFirst()
                        .map(Entry::timestamp)
                        .orElse(0L);
        durable = end();
        start = Math.max(0, logStart);
        maybeStart = start;
    }

    /// Which of all that was ever written at an offset it is.
    ///
    /// @param found `null` if it cannot be read
    private Entry known(long offset, @Nullable Entry found) {
        List<Entry> candidates = new ArrayList<>(ghosts.getOrDefault(offset, Set.of()));
        if (offset < end()) {
            candidates.addFirst(entry(offset));
        }
        for (Entry candidate : candidates) {
            boolean isIt =
                    found == null ? candidate.isAborted() || isCompacted : same(candidate, found);
            if (isIt) {
                return candidate;
            }
        }
        return fail("offset %d has %s, which nobody wrote".formatted(offset, found));
    }

    private void remember(long from) {
        for (long offset = from; offset < end(); offset++) {
            ghosts.computeIfAbsent(offset, _ -> new HashSet<>()).add(entry(offset));
        }
    }

    static boolean same(Entry a, Entry b) {
        return java.util.Objects.equals(a.key(), b.key())
                && java.util.Objects.equals(a.value(), b.value())
                && a.timestamp() == b.timestamp();
    }
}
