package io.millrace.log.clean;

import io.millrace.log.Cleaning;
import io.millrace.log.LogState;
import io.millrace.log.segment.DiskFailures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;

/// Retention, then compaction, of a log of files.
///
/// Its own lock is held during each step, so that closing the log waits for the step under way and
/// nothing touches the folder afterwards. A publication never waits: no step runs beside it.
public final class FileCleaning implements Cleaning {
    private final CleanedLog log;
    private final ArrayDeque<CleaningWork> works;

    /// @param works one after the other
    public FileCleaning(CleanedLog log, List<CleaningWork> works) {
        this.log = log;
        this.works = new ArrayDeque<>(works);
    }

    @Override
    public synchronized Next step() {
        if (!(log.state() instanceof LogState.Open)) {
            end();
        }
        CleaningWork work = works.peek();
        if (work == null) {
            return Next.DONE;
        }
        try {
            Next next = work.step();
            if (next == Next.DONE) {
                work.end();
                works.remove();
                return works.isEmpty() ? Next.DONE : Next.STEP;
            }
            return next;
        } catch (IOException e) {
            boolean isCommitted = work.isCommitted();
            end();
            String what = "Cleaning %s failed: %s".formatted(log.folder(), e.getMessage());
            if (isCommitted) {
                what += ". It is completed when the server is started again.";
                log.failed(what);
            }
            throw DiskFailures.refused(what, e);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    @Override
    public synchronized void publish() {
        CleaningWork work = works.peek();
        if (work != null) {
            log.change(work::published);
        }
    }

    public synchronized boolean isDone() {
        return works.isEmpty();
    }

    /// Stops where it is; what is on the disk is for the next recovery to complete or to delete.
    public synchronized void end() {
        works.forEach(CleaningWork::end);
        works.clear();
    }
}
