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
    record Entry(@Nullable String key, @Nullable String value, long timestamp, int batch) {}

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
        lastTimestamp = batch.getLast().timestamp();
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
        for (long offset = mustHave; offset < logEnd; offset++) {
            Entry found = content.get(offset);
            if (found == null && isCompacted && offset < end()) {
                continue;
            }
            if (found == null) {
                fail("offset %d of %d is missing".formatted(offset, logEnd));
                return;
            }
            boolean isKnown =
                    (offset < end() && same(entry(offset), found))
                            || ghosts.getOrDefault(offset, Set.of()).stream()
                                    .anyMatch(ghost -> same(ghost, found));
            assertThat(isKnown).as("offset %d has %s, which nobody wrote", offset, found).isTrue();
        }
        remember(mustHave);
        for (long offset = mustHave; offset < logEnd; offset++) {
            Entry found = content.get(offset);
            if (found != null && offset < end()) {
                entries.set((int) offset, found);
            } else if (found != null) {
                entries.add(found);
            }
        }
        while (end() > logEnd) {
            entries.removeLast();
        }
        lastTimestamp = entries.isEmpty() ? 0 : entries.getLast().timestamp();
        durable = end();
        start = Math.max(0, logStart);
        maybeStart = start;
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
