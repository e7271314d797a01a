package io.millrace.log.clean;

import io.millrace.io.Disk;
import io.millrace.log.Cleaning;
import io.millrace.log.LogConfig;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentList;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Takes the oldest segments away that a policy wants gone.
///
/// The checkpoint goes first, so that a crash that brings some of their files back finds it written
/// that they are gone. Readers let go of them next, the files go last and one by one.
public final class Expiry implements CleaningWork {
    private final CleanedLog log;
    private final Disk disk;
    private final LogConfig config;
    private final long nowMillis;
    private final ArrayDeque<Segment> dropped = new ArrayDeque<>();
    private boolean isChosen;
    private int count;
    private @Nullable IOException failure;

    public Expiry(CleanedLog log, Disk disk, LogConfig config, long nowMillis) {
        this.log = log;
        this.disk = disk;
        this.config = config;
        this.nowMillis = nowMillis;
    }

    @Override
    public Cleaning.Next step() throws IOException {
        if (!isChosen) {
            isChosen = true;
            return choose();
        }
        Segment next = dropped.poll();
        if (next != null) {
            try {
                next.delete();
            } catch (IOException e) {
                // The others can go all the same; the next start deletes this one.
                failure = e;
            }
            return Cleaning.Next.STEP;
        }
        disk.syncFolder(log.folder());
        if (failure != null) {
            throw failure;
        }
        return Cleaning.Next.DONE;
    }

    private Cleaning.Next choose() throws IOException {
        SegmentList segments = log.segments();
        count = Retention.due(segments, config, log.keepFrom(), nowMillis);
        if (count == 0) {
            return Cleaning.Next.DONE;
        }
        Mark flushed = log.flushAll();
        log.checkpoints().started(flushed, segments.from(count).startOffset());
        dropped.addAll(segments.segments().subList(0, count));
        return Cleaning.Next.PUBLISH;
    }

    @Override
    public SegmentList published(SegmentList now) {
        return now.from(count);
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public void end() {
        dropped.clear();
    }
}
