package io.millrace.letter;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.keyed.KeyedChange;
import io.millrace.keyed.KeyedLog;
import io.millrace.log.LogRecord;
import io.millrace.log.RecordHeader;
import io.millrace.shard.RetentionClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dead letters of all subscriptions and queues, whole and unchanged, on disk.
///
/// Thread-safe. Searching and reading wait for the disk; burying does so only for an event that was
/// sent again before. Futures complete on the shard's thread, which must not be kept waiting.
public final class DeadLetterStore {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStore.class);
    private static final String COUNTS = "counts";
    private static final int READS_MAX = 64;
    private static final int PAGE_BYTES_MAX = 8 << 20;
    private static final int TIDY_BATCH = 1000;
    private static final long TIDY_AGE_NANOS = 60_000_000_000L;

    private final KeyedLog log;
    private final ResubmissionLog resubmissions;
    private final Clock clock;
    private final RetentionClock retentionClock;
    private final Threading threading;
    private final LetterLimits limits;
    private final Object lock = new Object();

    /// Removals are made one after the other, so that each records what became of all; guarded by
    /// the lock.
    private CompletableFuture<Integer> removals = CompletableFuture.completedFuture(0);

    private volatile LetterCounts counts;

    /// The thread's that tidies.
    private long agesDueNanos;

    /// The logs that the store is made of; whoever opened them closes them.
    ///
    /// @param letters for the letters
    /// @param resubmissions for how often events were sent again
    public record Ground(KeyedLog letters, KeyedLog resubmissions) {}

    public DeadLetterStore(Ground ground, Clock clock, Threading threading, LetterLimits limits) {
        this.log = ground.letters();
        this.resubmissions = new ResubmissionLog(ground.resubmissions());
        this.clock = clock;
        this.retentionClock = new RetentionClock(clock);
        this.threading = threading;
        this.limits = limits;
        this.agesDueNanos = clock.nanoTime();
        Bytes recorded = log.get(COUNTS);
        this.counts = LetterCounts.ofRecorded(recorded == null ? "" : recorded.toUtf8());
    }

    /// Keeps a letter. One with the same id that is there already is replaced.
    ///
    /// @param letter if the event was sent again before, it gets the count of that
    /// @return done once it is on disk; fails with OVERLOADED, DISK_FULL, DISK_READ_ONLY,
    ///   PARTITION_FAILED or SHUTTING_DOWN, and may be there after a start all the same
    public CompletableFuture<@Nullable Void> bury(DeadLetter letter) {
        try {
            int sent = resubmissions.count(letter.group(), letter.event());
            KeyedChange change =
                    LetterRecords.encode(letter, Math.max(letter.resubmissions(), sent));
            synchronized (lock) {
                return log.write(List.of(change));
            }
        } catch (MillraceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// How many there are, and what became of the others. Any thread, at no cost.
    public LetterCounts counts() {
        return new LetterCounts(kept(), counts.ended());
    }

    private int kept() {
        return log.size() - (log.contains(COUNTS) ? 1 : 0);
    }

    /// The letter with that id, or `null`.
    ///
    /// @throws MillraceException PARTITION_CORRUPT, DISK_READ_FAILED
    public @Nullable KeptLetter get(String id) {
        return log.get(LetterRecords.key(id), DeadLetterStore::kept);
    }

    private static KeptLetter kept(LogRecord record) {
        return new KeptLetter(LetterRecords.decode(record), record.offset());
    }

    /// The position behind the newest letter.
    public long end() {
        return log.end();
    }

    /// Looks for letters in the order in which they were buried, in a bounded piece of them.
    ///
    /// A letter that is buried again while pages are fetched is found in its new place; one that
    /// goes is not found any more; all others are found once.
    ///
    /// @param from where to begin: 0, or [LetterPage#next]
    /// @param max how many letters at most; fewer if they are large
    /// @param isVisible whether letters of that kind and name may be shown
    /// @throws MillraceException DISK_READ_FAILED
    public LetterPage search(
            LetterSearch search, long from, int max, BiPredicate<String, String> isVisible) {
        LetterFilter filter = new LetterFilter(search, isVisible);
        List<KeptLetter> found = new ArrayList<>();
        long[] bytes = new long[1];
        long next =
                log.scan(
                        from,
                        READS_MAX,
                        record -> {
                            if (filter.matches(record)) {
                                KeptLetter kept = kept(record);
                                Bytes data = kept.letter().event().data();
                                bytes[0] += data == null ? 0 : data.length();
                                found.add(kept);
                            }
                            return found.size() < max && bytes[0] < PAGE_BYTES_MAX;
                        });
        return new LetterPage(found, next);
    }

    /// Counts events that are about to be sent again, for letters that may come of them.
    ///
    /// @return done once it is on disk
    public CompletableFuture<@Nullable Void> sending(List<Sending> sendings) {
        try {
            return resubmissions.sending(sendings);
        } catch (MillraceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// Ends letters, all of them or none; one that has gone or was buried again since it was found
    /// is left out.
    ///
    /// @param why kept in the record of the deletion, for as long as the log keeps that
    /// @return done once it is on disk: how many ended
    public CompletableFuture<Integer> remove(List<KeptLetter> letters, LetterEnd end, String why) {
        List<Found> found =
                letters.stream().map(kept -> new Found(kept.id(), kept.offset())).toList();
        return end(found, end, why);
    }

    private record Found(String id, long offset) {}

    private CompletableFuture<Integer> end(List<Found> letters, LetterEnd end, String why) {
        synchronized (lock) {
            CompletableFuture<Integer> removal =
                    removals.handle((_, _) -> 0).thenCompose(_ -> endNow(letters, end, why));
            removals = removal;
            return removal;
        }
    }

    /// After all removals before.
    private CompletableFuture<Integer> endNow(List<Found> letters, LetterEnd end, String why) {
        List<RecordHeader> headers =
                List.of(
                        RecordHeader.of("letter-end", end.slug()),
                        RecordHeader.of("letter-end-reason", why));
        List<KeyedChange> changes = new ArrayList<>();
        synchronized (lock) {
            // Nobody buries between the look and the write.
            for (Found each : letters) {
                String key = LetterRecords.key(each.id());
                if (log.isUnchanged(key, each.offset())) {
                    changes.add(KeyedChange.delete(key, headers));
                }
            }
            int ended = changes.size();
            if (ended == 0) {
                return CompletableFuture.completedFuture(0);
            }
            LetterCounts after = counts.plus(end, ended);
            changes.add(KeyedChange.put(COUNTS, Bytes.utf8(after.recorded()), List.of()));
            return log.write(changes)
                    .thenApply(_ -> {
                        counts = after;
                        return ended;
                    });
        }
    }

    /// Takes away what is too much or too old, and counts it. To be called every second or so, by
    /// one thread, which may wait.
    public void tidy() {
        int dropped = 0;
        while (kept() > limits.lettersMax()) {
            int excess = kept() - limits.lettersMax();
            int ended =
                    take(oldest(Math.min(TIDY_BATCH, excess), Long.MAX_VALUE), LetterEnd.DROPPED);
            dropped += ended;
            if (ended == 0) {
                break;
            }
        }
        tell(dropped, "there were more than " + limits.lettersMax());
        // Asked each time, so that it sees jumps.
        long now = retentionClock.epochMillis();
        if (clock.nanoTime() - agesDueNanos >= 0) {
            agesDueNanos = clock.nanoTime() + TIDY_AGE_NANOS;
            expire(now - limits.age().toMillis());
        }
    }

    private void expire(long beforeMillis) {
        int expired = 0;
        int ended = TIDY_BATCH;
        while (ended == TIDY_BATCH) {
            ended = take(oldest(TIDY_BATCH, beforeMillis), LetterEnd.EXPIRED);
            expired += ended;
        }
        tell(expired, "they were older than " + limits.age());
        threading.await(resubmissions.forget(beforeMillis));
    }

    private int take(List<Found> letters, LetterEnd end) {
        return letters.isEmpty() ? 0 : threading.await(end(letters, end, ""));
    }

    private void tell(int count, String why) {
        if (count > 0) {
            LOG.warn("{} dead letters have gone because {}; {} are kept", count, why, kept());
        }
    }

    private List<Found> oldest(int max, long beforeMillis) {
        List<Found> found = new ArrayList<>();
        long next = 0;
        boolean[] isOver = new boolean[1];
        while (next >= 0 && !isOver[0]) {
            next =
                    log.scan(
                            next,
                            READS_MAX,
                            record -> {
                                if (LetterRecords.isLetter(record)) {
                                    isOver[0] = record.timestampMillis() >= beforeMillis;
                                    if (!isOver[0]) {
                                        found.add(
                                                new Found(
                                                        LetterRecords.id(record), record.offset()));
                                    }
                                }
                                isOver[0] |= found.size() == max;
                                return !isOver[0];
                            });
        }
        return found;
    }
}
