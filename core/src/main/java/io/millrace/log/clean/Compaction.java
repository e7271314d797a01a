package io.millrace.log.clean;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.log.Cleaning;
import io.millrace.log.LogConfig;
import io.millrace.log.segment.LogParts;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentFiles;
import io.millrace.log.segment.SegmentList;
import io.millrace.log.segment.SegmentSwap;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps the latest record of each key: rewrites sealed segments, and puts small ones together.
///
/// A group of segments is replaced in steps, of which each is durable before the next:
///
/// 1. What stays is written to `FIRST-END.cleaned`. A crash before the next step changes nothing.
/// 2. That becomes `FIRST-END.swap`: from here on, recovery completes the rest.
/// 3. The group's other segments are deleted.
/// 4. The swap file takes the name of the group's first segment.
///
/// Readers keep the old files open from before step 2 until the writer has published the new
/// segment, so they never miss anything. Where memory does not take the keys of all that is new, as
/// many passes follow each other as it needs.
public final class Compaction implements CleaningWork {
    private final CleanedLog log;
    private final LogParts parts;
    private final Disk disk;
    private final LogConfig config;
    private final long nowMillis;
    private final ArrayDeque<List<Segment>> groups = new ArrayDeque<>();
    private Stage stage = Stage.SELECT;
    private boolean isCommitted;
    private boolean isAnotherPass;
    private @Nullable CompactionPass pass;
    private List<Segment> group = List.of();
    private @Nullable Segment merged;

    private enum Stage {
        SELECT,
        MAP,
        BEGIN,
        COPY,
        SWAP,
        PUBLISHED
    }

    public Compaction(CleanedLog log, LogParts parts, LogConfig config, long nowMillis) {
        this.log = log;
        this.parts = parts;
        this.disk = parts.disk();
        this.config = config;
        this.nowMillis = nowMillis;
    }

    @Override
    public boolean isCommitted() {
        return isCommitted;
    }

    @Override
    public Cleaning.Next step() throws IOException {
        return switch (stage) {
            case SELECT -> select();
            case MAP -> map();
            case BEGIN -> begin();
            case COPY -> copy();
            case SWAP -> swap();
            case PUBLISHED -> letGo();
        };
    }

    private Cleaning.Next select() throws IOException {
        log.flushAll();
        SegmentList segments = log.segments();
        long cleanedBelow = log.checkpoints().cleanedBelow();
        List<Segment> dirty = new ArrayList<>();
        long dirtyBytes = 0;
        long bytes = 0;
        int count = cleanable(segments);
        for (int i = 0; i < count; i++) {
            Segment segment = segments.segments().get(i);
            bytes += segment.bytes();
            if (segments.endOf(i, Long.MAX_VALUE) > cleanedBelow) {
                dirty.add(segment);
                dirtyBytes += segment.bytes();
            }
        }
        // Half of what is read should be new, or the work would never end.
        boolean isWorthIt = dirtyBytes >= bytes - dirtyBytes || isAnotherPass;
        if (dirtyBytes == 0 || !isWorthIt) {
            return Cleaning.Next.DONE;
        }
        long memory = Math.min(parts.compactionBytes(), Math.max(1 << 16, dirtyBytes * 4));
        long grace = config.tombstoneRetention().toMillis();
        pass =
                new CompactionPass(
                        (int) memory,
                        new CompactionPass.Rules(nowMillis - grace, log.aborted()),
                        dirty,
                        cleanedBelow,
                        segments.endOf(count - 1, Long.MAX_VALUE));
        deleteLeftovers();
        return next(Stage.MAP);
    }

    private Cleaning.Next next(Stage following) {
        stage = following;
        return Cleaning.Next.STEP;
    }

    private CompactionPass pass() {
        return Objects.requireNonNull(pass);
    }

    /// How many segments are sealed, on disk, and without records of open transactions.
    private int cleanable(SegmentList segments) {
        List<Segment> list = segments.segments();
        long decided = log.hiddenFrom();
        int count = 0;
        while (count < list.size() - 1
                && list.get(count).isFlushed()
                && list.get(count + 1).baseOffset() <= decided) {
            count++;
        }
        return count;
    }

    private void deleteLeftovers() throws IOException {
        for (String name : disk.list(log.folder())) {
            if (name.endsWith(SegmentFiles.CLEANED) || name.endsWith(SegmentFiles.SWAP)) {
                disk.delete(log.folder().resolve(name));
            }
        }
    }

    private Cleaning.Next map() throws IOException {
        if (!pass().map()) {
            return Cleaning.Next.STEP;
        }
        // Behind all that is replaced: positions before it are about to change.
        Mark flushed = log.flushAll();
        log.checkpoints().compacting(flushed, pass().mappedTo());
        chooseGroups(log.segments(), pass().mappedTo(), config.segmentBytes());
        return next(Stage.BEGIN);
    }

    /// Puts segments that fit into one together.
    private void chooseGroups(SegmentList segments, long below, int bytesMax) {
        List<Segment> open = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : segments.segments().subList(0, cleanable(segments))) {
            if (segment.baseOffset() >= below) {
                break;
            }
            boolean isFull =
                    !open.isEmpty()
                            && (bytes + segment.bytes() > bytesMax
                                    || segment.baseOffset() - open.getFirst().baseOffset()
                                            > Integer.MAX_VALUE / 2);
            if (isFull) {
                groups.add(open);
                open = new ArrayList<>();
                bytes = 0;
            }
            open.add(segment);
            bytes += segment.bytes();
        }
        if (!open.isEmpty()) {
            groups.add(open);
        }
    }

    private Cleaning.Next begin() throws IOException {
        List<Segment> following = groups.poll();
        if (following == null) {
            log.checkpoints().compacted(pass().mappedTo());
            isAnotherPass = pass().isPartial();
            end();
            return isAnotherPass ? next(Stage.SELECT) : Cleaning.Next.DONE;
        }
        group = following;
        DiskFile target = disk.open(swapFiles().cleaned());
        pass().begin(group, target);
        target.truncate(0);
        return next(Stage.COPY);
    }

    private SegmentSwap swapFiles() {
        SegmentList segments = log.segments();
        int last = segments.floor(group.getLast().baseOffset());
        return new SegmentSwap(
                disk,
                log.folder(),
                group.getFirst().baseOffset(),
                segments.endOf(last, Long.MAX_VALUE));
    }

    private Cleaning.Next copy() throws IOException {
        return pass().copy() ? next(Stage.SWAP) : Cleaning.Next.STEP;
    }

    private Cleaning.Next swap() throws IOException {
        int bytes = pass().finish();
        for (Segment segment : group) {
            segment.pin();
        }
        isCommitted = true;
        SegmentSwap swap = swapFiles();
        swap.commit();
        swap.complete();
        isCommitted = false;
        merged =
                Segment.sealed(log.folder(), swap.baseOffset(), bytes, disk, parts.openFiles())
                        .sparse(true);
        stage = Stage.PUBLISHED;
        return Cleaning.Next.PUBLISH;
    }

    @Override
    public SegmentList published(SegmentList now) {
        Segment by = Objects.requireNonNull(merged);
        return now.replaced(now.floor(by.baseOffset()), group.size(), by);
    }

    private Cleaning.Next letGo() {
        Segment now = Objects.requireNonNull(merged);
        try {
            now.writeIndex(now.bytes());
        } catch (IOException _) {
            // It is made anew when it is needed.
        }
        group.forEach(segment -> segment.unpin(true));
        group = List.of();
        merged = null;
        return next(Stage.BEGIN);
    }

    @Override
    public void end() {
        groups.clear();
        if (pass != null) {
            pass.close();
            pass = null;
        }
        if (!isCommitted) {
            // Halfway through a swap the old files are all that can be read, until the log closes.
            group.forEach(segment -> segment.unpin(stage == Stage.PUBLISHED));
        }
        group = List.of();
    }
}
