package io.millrace.queue;

import io.millrace.io.Clock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which jobs have been put into a queue within a time: two with the same `source` and `id`
/// (CloudEvents, section 3.1: together they are unique) are one.
///
/// Remembered is the first half of each pair's SHA-256. That a job is lost because its 128 bits are
/// those of another is possible in theory: with 10 million jobs in the window, for one new job in 3
/// * 10^31. Nobody can make such a pair on purpose with less than 2^64 attempts. 40 to 80 bytes are
///   used for a job.
///
/// Ages are measured by the clock that never goes backwards, so that setting the wall clock does
/// nothing while the server runs. After a start, [#restore] takes them from when the jobs were
/// recorded, by the wall clock; a job from the future counts as put in now, so it is remembered for
/// one more window at most, and no later one is taken for it after that.
///
/// Owned by the thread of the queue's shard.
public final class DuplicateWindow {
    /// Growing one of many tables holds nobody up for long.
    private static final int TABLES = 64;

    private final Clock clock;
    private final MessageDigest digest = sha256();
    private final @Nullable DuplicateTable[] tables = new DuplicateTable[TABLES];
    private long windowNanos;

    /// The job that was there first.
    ///
    /// @param lane its priority, 0 to 9
    /// @param offset in the lane
    public record First(int lane, long offset) {}

    private record Fingerprint(long high, long low) {
        int table() {
            return (int) (high >>> 32) & (TABLES - 1);
        }
    }

    /// @param window how long a job is remembered, from when it was put in; with zero, nothing is
    public DuplicateWindow(Clock clock, Duration window) {
        this.clock = clock;
        this.windowNanos = window.toNanos();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Takes a changed window over. What has been forgotten by the old one stays so.
    public void configure(Duration window) {
        windowNanos = window.toNanos();
    }

    /// The job with this source and id that has been put in within the window; `null` if there is
    /// none.
    public @Nullable First find(String source, String id) {
        if (windowNanos == 0) {
            return null;
        }
        Fingerprint key = fingerprint(source, id);
        DuplicateTable table = tables[key.table()];
        return table == null ? null : find(table, key, clock.nanoTime());
    }

    private @Nullable First find(DuplicateTable table, Fingerprint key, long now) {
        int slot = table.find(key.high, key.low);
        return slot >= 0 && now - table.nanos(slot) < windowNanos ? first(table.place(slot)) : null;
    }

    /// Remembers a job as put in now, unless there is one with this source and id already. To be
    /// called before the job is appended, with the offset that it gets, so that jobs of one batch
    /// are told apart; if appending fails, [#remove] takes it back.
    ///
    /// @return the one that was there, which stays as it is; `null` if there was none
    public @Nullable First add(String source, String id, First job) {
        if (windowNanos == 0) {
            return null;
        }
        Fingerprint key = fingerprint(source, id);
        DuplicateTable table = table(key);
        long now = clock.nanoTime();
        First found = find(table, key, now);
        if (found == null) {
            table.expire(now, windowNanos);
            table.put(key.high, key.low, now, place(job));
        }
        return found;
    }

    /// Forgets a job that was remembered but could not be appended. Another one with the same
    /// source and id stays.
    public void remove(String source, String id, First job) {
        Fingerprint key = fingerprint(source, id);
        DuplicateTable table = tables[key.table()];
        int slot = table == null ? -1 : table.find(key.high, key.low);
        if (table != null && slot >= 0 && table.place(slot) == place(job)) {
            table.remove(slot);
        }
    }

    /// Remembers a job that is found in the log at start, settled or not; in any order. Of two with
    /// the same source and id, the later one counts.
    ///
    /// What the log does not have any more cannot be remembered, so its records must be kept for
    /// the window even if all jobs before them are settled.
    ///
    /// @param recordedMillis when it was put in, by the wall clock
    public void restore(String source, String id, First job, long recordedMillis) {
        long age = Math.max(0, clock.epochMillis() - recordedMillis);
        // In milliseconds, because the nanoseconds of centuries do not fit.
        if (age >= Duration.ofNanos(windowNanos).toMillis()) {
            return;
        }
        long put = clock.nanoTime() - Duration.ofMillis(age).toNanos();
        Fingerprint key = fingerprint(source, id);
        DuplicateTable table = table(key);
        int slot = table.find(key.high, key.low);
        if (slot < 0 || put - table.nanos(slot) > 0) {
            table.put(key.high, key.low, put, place(job));
        }
    }

    /// Lets go of what is older than the window; to be called now and then, so that the memory of
    /// one busy hour is not kept through an idle one.
    public void expire() {
        long now = clock.nanoTime();
        for (int i = 0; i < TABLES; i++) {
            DuplicateTable table = tables[i];
            if (table != null) {
                table.expire(now, windowNanos);
                tables[i] = table.size() == 0 ? null : table;
            }
        }
    }

    /// How many jobs are in memory, a few of them perhaps older than the window.
    public int size() {
        int size = 0;
        for (DuplicateTable table : tables) {
            size += table == null ? 0 : table.size();
        }
        return size;
    }

    private DuplicateTable table(Fingerprint key) {
        DuplicateTable table = tables[key.table()];
        if (table == null) {
            table = new DuplicateTable();
            tables[key.table()] = table;
        }
        return table;
    }

    private Fingerprint fingerprint(String source, String id) {
        byte[] first = source.getBytes(StandardCharsets.UTF_8);
        // With the length, so that no other split of the same text has the same bytes.
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, first.length));
        digest.update(first);
        digest.update(id.getBytes(StandardCharsets.UTF_8));
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    private static final int OFFSET_BITS = 56;

    private static long place(First job) {
        return ((long) job.lane << OFFSET_BITS) | job.offset;
    }

    private static First first(long place) {
        return new First((int) (place >>> OFFSET_BITS), place & ((1L << OFFSET_BITS) - 1));
    }
}
