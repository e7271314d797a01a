package io.millrace.broker;

import io.millrace.broker.letter.CauseLog;
import io.millrace.broker.letter.LetterTarget;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.Burying;
import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.keyed.KeyedLog;
import io.millrace.keyed.KeyedLogs;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.DeadLetterStore;
import io.millrace.letter.LetterLimits;
import io.millrace.letter.LetterSearch;
import io.millrace.log.FileLogs;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What subscriptions and queues keep besides their events: dead letters, and the states of ordered
/// groups. Nothing of it is opened before there is a subscription or a queue. Thread-safe.
final class LetterRoom implements Burying, DeadLetters, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LetterRoom.class);

    private final Path data;
    private final Disk disk;
    private final FileLogs logs;
    private final Shard shard;
    private final Guard guard;
    private final Clock clock;
    private final Threading threading;
    private LetterTarget.@Nullable Directory targets;
    private volatile @Nullable Opened opened;

    private record Opened(
            KeyedLog letters,
            KeyedLog resubmissions,
            KeyedLog states,
            KeyedLog causes,
            KeyedLog progress,
            DeadLetterStore store,
            LetterWorkbench workbench) {}

    /// @param shard the one that writes
    LetterRoom(Path data, Broker.Ground ground, FileLogs logs, Shard shard, Guard guard) {
        this.data = data;
        this.disk = ground.disk();
        this.logs = logs;
        this.shard = shard;
        this.guard = guard;
        this.clock = ground.clock();
        this.threading = ground.threading();
    }

    /// Names where letters are sent again. To be called before [#open].
    void targets(LetterTarget.Directory directory) {
        targets = directory;
    }

    /// Opens everything, unless that is done. Waits for the disk and the shard.
    synchronized void open() {
        LetterTarget.Directory directory = targets;
        if (opened != null || directory == null) {
            return;
        }
        try {
            KeyedLogs keyed = new KeyedLogs(disk, logs, threading);
            KeyedLog letters = keyed.open(data.resolve("dead-letters"), shard);
            KeyedLog resubmissions = keyed.open(data.resolve("resubmissions"), shard);
            KeyedLog states = keyed.open(data.resolve("group-states"), shard);
            KeyedLog causes = keyed.open(data.resolve("causes"), shard);
            KeyedLog progress = keyed.open(data.resolve("schedules"), shard);
            DeadLetterStore store =
                    new DeadLetterStore(
                            new DeadLetterStore.Ground(letters, resubmissions),
                            clock,
                            threading,
                            LetterLimits.DEFAULT);
            LetterWorkbench workbench =
                    new LetterWorkbench(store, directory, guard, clock, threading);
            opened = new Opened(letters, resubmissions, states, causes, progress, store, workbench);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_FAILED, "the dead letters cannot be opened: " + e, e);
        }
    }

    private Opened open(String what) {
        Opened all = opened;
        if (all == null) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "there is no such " + what);
        }
        return all;
    }

    /// The states of ordered groups.
    KeyedLog states() {
        return open("queue").states;
    }

    /// Which events have become jobs.
    CauseLog causes() {
        return new CauseLog(open("queue").causes);
    }

    /// How far schedules have come.
    KeyedLog progress() {
        return open("schedule").progress;
    }

    @Override
    public CompletableFuture<@Nullable Void> bury(DeadLetter letter) {
        return open("queue").store.bury(letter);
    }

    @Override
    public Page search(Principal principal, LetterSearch search, @Nullable String after, int max) {
        Opened all = opened;
        return all == null
                ? new Page(List.of(), null)
                : all.workbench.search(principal, search, after, max);
    }

    @Override
    public DeadLetter get(Principal principal, String id) {
        return open("dead letter").workbench.get(principal, id);
    }

    @Override
    public Outcome resubmit(Principal principal, List<String> ids, Resubmission how) {
        return open("dead letter").workbench.resubmit(principal, ids, how);
    }

    @Override
    public Outcome resubmit(Principal principal, LetterSearch search, Resubmission how) {
        Opened all = opened;
        return all == null
                ? new Outcome(0, List.of())
                : all.workbench.resubmit(principal, search, how);
    }

    @Override
    public Outcome discard(Principal principal, List<String> ids, String reason) {
        return open("dead letter").workbench.discard(principal, ids, reason);
    }

    @Override
    public Outcome discard(Principal principal, LetterSearch search, String reason) {
        Opened all = opened;
        return all == null
                ? new Outcome(0, List.of())
                : all.workbench.discard(principal, search, reason);
    }

    void clean(Cleaner cleaner) {
        Opened all = opened;
        if (all != null) {
            all.letters.clean(cleaner);
            all.resubmissions.clean(cleaner);
            all.states.clean(cleaner);
            all.causes.clean(cleaner);
            all.progress.clean(cleaner);
            var _ =
                    new CauseLog(all.causes)
                            .forget(clock.epochMillis() - CauseLog.AGE_MILLIS)
                            .whenComplete(LetterRoom::tell);
        }
    }

    private static void tell(@Nullable Void none, @Nullable Throwable problem) {
        if (problem != null) {
            LOG.warn("Events that became jobs long ago are not forgotten: {}", problem.toString());
        }
    }

    @Override
    public void close() {
        Opened all = opened;
        if (all != null) {
            all.workbench.close();
            all.letters.close();
            all.resubmissions.close();
            all.states.close();
            all.causes.close();
            all.progress.close();
        }
    }
}
