package io.millrace.cursor;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.log.Log;
import io.millrace.log.RecordBody;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the cursors of one shard write down what changes: all of a round of the shard at once, one
/// flush for whatever waits for it.
///
/// Cursors apply a change at once and write it here; nobody is told of it before it is written.
/// Where writing fails, memory is ahead of the disk, so the owner takes all of them back to what
/// the journal holds. Owned by the shard's thread.
public final class CursorJournal {
    private static final Logger LOG = LoggerFactory.getLogger(CursorJournal.class);
    private static final int BATCH_ENTRIES = 4;

    /// A journal begins anew at its size, or when it is so many times as large as its snapshots.
    private static final int ROLL_FACTOR = 4;

    private final int number;
    private final JournalFiles files;
    private final Shard shard;
    private final Flusher flusher;
    private final Clock clock;
    private final Owner owner;

    private final List<RecordBody> pending = new ArrayList<>();
    private final List<Reply> written = new ArrayList<>();
    private final List<Reply> flushed = new ArrayList<>();
    private final ArrayDeque<Waiting> unflushed = new ArrayDeque<>();
    private @Nullable Log log;
    private boolean isFlushing;
    private boolean isClosed;

    /// Memory is ahead of the disk, as the journal could not be read to take it back. Nothing more
    /// is written before that is done.
    private boolean isAhead;

    /// Why it takes nothing more until the next start.
    private @Nullable MillraceException failure;

    private long rollBytes;

    /// Whose cursors they are.
    public interface Owner {
        /// Whether [#snapshot] has all that counts. After a start that is so when everybody has
        /// asked for their cursors: a journal that began anew before would not have the others.
        boolean isComplete();

        /// Everything that the journal has to hold.
        List<JournalEntry> snapshot();

        /// What was changed since the last round could not be written; this is what holds.
        void reset(RecoveredCursors recovered);
    }

    /// Hears of the outcome once, on the shard's thread.
    public interface Reply {
        /// @param problem `null` if it is written
        void done(@Nullable MillraceException problem);
    }

    private record Waiting(long offset, Reply reply) {}

    /// @param number of the shard
    public CursorJournal(
            int number,
            JournalFiles files,
            Shard shard,
            Flusher flusher,
            Clock clock,
            Owner owner) {
        this.number = number;
        this.files = files;
        this.rollBytes = files.rollBytes();
        this.shard = shard;
        this.flusher = flusher;
        this.clock = clock;
        this.owner = owner;
    }

    /// Writes a change with this round.
    public void write(JournalEntry entry) {
        pending.add(RecordBody.of(JournalCodec.encode(entry)));
    }

    /// Hears when all that was written until now is in the page cache, where a crash of the process
    /// cannot take it back.
    public void whenWritten(Reply reply) {
        written.add(reply);
    }

    /// Hears when all that was written until now is on disk.
    public void whenFlushed(Reply reply) {
        flushed.add(reply);
    }

    /// Writes what the round has brought. To be called at its end.
    public void endRound() {
        boolean isIdle = pending.isEmpty() && written.isEmpty() && flushed.isEmpty();
        if (isIdle && unflushed.isEmpty()) {
            return;
        }
        try {
            if (isClosed) {
                throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
            }
            Log open = opened();
            if (isAhead) {
                throw new MillraceException(
                        ErrorCode.OVERLOADED,
                        "the journal of the cursors could not be read until now; try again");
            }
            if (!pending.isEmpty()) {
                open.append(pending, clock.epochMillis());
            }
            pending.clear();
            long end = open.endOffset();
            flushed.forEach(reply -> unflushed.add(new Waiting(end, reply)));
            flushed.clear();
            answer(written, null);
        } catch (MillraceException e) {
            pending.clear();
            takeBack(e);
            return;
        }
        rollIfLarge();
        requestFlush();
    }

    private Log opened() {
        MillraceException failed = failure;
        if (failed != null) {
            throw failed;
        }
        Log open = log;
        if (open == null) {
            open = files.open(number);
            log = open;
        }
        return open;
    }

    private static void answer(List<Reply> replies, @Nullable MillraceException problem) {
        List<Reply> all = List.copyOf(replies);
        replies.clear();
        all.forEach(reply -> reply.done(problem));
    }

    private void takeBack(MillraceException problem) {
        Log open = log;
        if (failure != null) {
            answer(written, problem);
            answer(flushed, problem);
            return;
        }
        if (open != null && !isClosed) {
            isAhead = true;
            try {
                open.flush();
                RecoveredCursors recovered = JournalFiles.read(open);
                isAhead = false;
                owner.reset(recovered);
            } catch (MillraceException e) {
                // The next round tries again, unless it has failed for good.
                failure = e.code() == ErrorCode.PARTITION_FAILED ? e : null;
            }
        } else if (!isClosed && files.exist()) {
            isAhead = true;
        } else if (!isClosed) {
            owner.reset(new RecoveredCursors());
        }
        answer(written, problem);
        answer(flushed, problem);
    }

    private void requestFlush() {
        Log open = log;
        if (isFlushing || unflushed.isEmpty() || open == null) {
            return;
        }
        isFlushing = true;
        long end = open.endOffset();
        flusher.flush(open, problem -> shard.run(() -> flushed(end, problem)));
    }

    private void flushed(long end, @Nullable MillraceException problem) {
        isFlushing = false;
        while (!unflushed.isEmpty() && (problem != null || unflushed.element().offset <= end)) {
            unflushed.remove().reply.done(problem);
        }
        if (!isLarge()) {
            // Else the end of the round sees to it, by beginning anew.
            requestFlush();
        }
    }

    private boolean isLarge() {
        Log open = log;
        return open != null && open.sizeBytes() >= rollBytes;
    }

    private void rollIfLarge() {
        Log open = log;
        if (open == null || isFlushing || !isLarge() || !owner.isComplete()) {
            return;
        }
        Log next = null;
        try {
            next = files.create(number);
            append(next, owner.snapshot(), clock.epochMillis());
            next.flush();
        } catch (IOException | MillraceException e) {
            goOn(open, next);
            return;
        }
        try {
            files.adopt(number);
        } catch (IOException e) {
            goOn(open, next);
            return;
        } catch (MillraceException e) {
            failure = e;
            answerUnflushed(e);
            return;
        }
        log = next;
        rollBytes = Math.max(files.rollBytes(), ROLL_FACTOR * next.sizeBytes());
        closeUnneeded(open);
        // All that they wait for is in the snapshots.
        answerUnflushed(null);
    }

    /// Another one counts. Closing flushes, and that may fail, as its folder is deleted already.
    private static void closeUnneeded(Log unneeded) {
        try {
            unneeded.close();
        } catch (MillraceException e) {
            LOG.debug("An old journal was not closed in order: {}", e.getMessage());
        }
    }

    /// The old one goes on; the next try is not at once.
    private void goOn(Log open, @Nullable Log next) {
        rollBytes = 2 * open.sizeBytes();
        if (next != null) {
            closeUnneeded(next);
        }
    }

    private void answerUnflushed(@Nullable MillraceException problem) {
        List<Waiting> all = List.copyOf(unflushed);
        unflushed.clear();
        all.forEach(waiting -> waiting.reply.done(problem));
    }

    /// Writes entries in batches of bounded size.
    static void append(Log log, List<JournalEntry> entries, long nowMillis) {
        for (int from = 0; from < entries.size(); ) {
            List<RecordBody> batch = new ArrayList<>();
            int bytes = 0;
            while (from < entries.size() && (batch.size() < BATCH_ENTRIES || bytes < (64 << 10))) {
                RecordBody body = RecordBody.of(JournalCodec.encode(entries.get(from++)));
                bytes += body.bytes().length;
                batch.add(body);
            }
            log.append(batch, nowMillis);
        }
    }

    /// Bytes on disk; 0 if nothing was ever written.
    public long sizeBytes() {
        Log open = log;
        return open == null ? 0 : open.sizeBytes();
    }

    /// Flushes and closes; whatever waits is answered.
    public void close() {
        endRound();
        isClosed = true;
        Log open = log;
        if (open == null) {
            return;
        }
        MillraceException problem = null;
        try {
            open.flush();
        } catch (MillraceException e) {
            problem = e;
        }
        answerUnflushed(problem);
        open.close();
    }
}
