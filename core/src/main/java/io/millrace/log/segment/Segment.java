package io.millrace.log.segment;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One file of batches. The newest segment of a log is active: it grows; the others are sealed.
///
/// The writer alone changes the size and seals. Any thread may [#open] the file to read.
public final class Segment {
    private final Path folder;
    private final long baseOffset;
    private final Disk disk;
    private final OpenFiles openFiles;

    private volatile @Nullable OpenFile open;
    private volatile @Nullable SparseIndex index;

    /// Bytes of whole batches; final once sealed. Readers take the limit of the active segment from
    /// the log's [Mark].
    private volatile int bytes;

    /// Where the file ends: at [#bytes], or behind zeros that were written ahead. The writer's.
    private int room;

    private volatile boolean sealed;

    /// Whether its file and name are as durable as its content will be after the next flush.
    private volatile boolean named;

    private volatile boolean flushed;

    /// Whether offsets may be missing, because compaction has been here.
    private volatile boolean sparse;

    private volatile boolean indexRebuilt;
    private boolean deleted;
    private boolean pinned;

    /// When it began, or -1 if that has not been looked up.
    private long firstTimestamp = -1;

    /// The largest time of a record, or -1 if that has not been looked up.
    private volatile long lastTimestamp = -1;

    public Segment(Path folder, long baseOffset, Disk disk, OpenFiles openFiles) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.disk = disk;
        this.openFiles = openFiles;
    }

    /// A new and empty active segment; its file is created.
    public static Segment create(Path folder, long baseOffset, Disk disk, OpenFiles openFiles)
            throws IOException {
        Segment segment = new Segment(folder, baseOffset, disk, openFiles);
        segment.index = new SparseIndex();
        segment.lastTimestamp = 0;
        DiskFile file = disk.open(segment.path());
        segment.open = new OpenFile(file);
        if (file.size() > 0) {
            // What an append left that could not even roll.
            file.truncate(0);
        }
        return segment;
    }

    /// A sealed segment of which everything is on disk.
    public static Segment sealed(
            Path folder, long baseOffset, int bytes, Disk disk, OpenFiles files) {
        Segment segment = new Segment(folder, baseOffset, disk, files);
        segment.bytes = bytes;
        segment.sealed = true;
        segment.named = true;
        segment.flushed = true;
        return segment;
    }

    /// A segment that goes on growing after a recovery.
    public static Segment active(
            Path folder, long baseOffset, int bytes, Disk disk, OpenFiles files) {
        Segment segment = new Segment(folder, baseOffset, disk, files);
        segment.bytes(bytes);
        segment.named = true;
        return segment;
    }

    public long baseOffset() {
        return baseOffset;
    }

    public Path folder() {
        return folder;
    }

    public Path path() {
        return SegmentFiles.path(folder, baseOffset, SegmentFiles.LOG);
    }

    public int bytes() {
        return bytes;
    }

    public boolean isSealed() {
        return sealed;
    }

    public boolean isNamed() {
        return named;
    }

    public void named() {
        named = true;
    }

    public boolean isSparse() {
        return sparse;
    }

    public Segment sparse(boolean now) {
        sparse = now;
        return this;
    }

    public boolean isFlushed() {
        return flushed;
    }

    /// When its first record was recorded; -1 if it is empty, or a producer gave that record's
    /// time, which says nothing about the segment. The writer's.
    public long firstTimestamp() throws IOException {
        if (firstTimestamp < 0 && bytes > 0) {
            firstTimestamp = IndexFiles.firstTimestamp(this);
        }
        return firstTimestamp;
    }

    /// When it began, or that time if it is not known from now on.
    public long beganBy(long millis) throws IOException {
        if (firstTimestamp() < 0) {
            firstTimestamp = millis;
        }
        return firstTimestamp;
    }

    /// The largest time so far, once [#lastTimestamp] has been looked up.
    public long latestSoFar() {
        return lastTimestamp;
    }

    public void firstTimestamp(long millis) {
        firstTimestamp = millis;
    }

    /// The largest time that a record has; 0 if it is empty.
    public long lastTimestamp() throws IOException {
        long now = lastTimestamp;
        if (now < 0) {
            now = IndexFiles.lastTimestamp(this);
            lastTimestamp = now;
        }
        return now;
    }

    /// Notes the largest time of what is appended, once [#lastTimestamp] has been looked up.
    public void appended(long millis) {
        lastTimestamp = Math.max(lastTimestamp, millis);
    }

    public void bytes(int now) {
        bytes = now;
        room = Math.max(room, now);
    }

    /// Where the file ends, zeros that were written ahead included. The writer's thread.
    public int room() {
        return room;
    }

    public void room(int end) {
        room = end;
    }

    /// The file, which the caller must [leave][OpenFile#leave]; opened if it is not.
    public OpenFile open() throws IOException {
        OpenFile now = open;
        if (now != null && now.join()) {
            return now;
        }
        synchronized (this) {
            now = open;
            if (now != null && now.join()) {
                return now;
            }
            if (deleted) {
                throw new NoSuchFileException(path().toString());
            }
            now = new OpenFile(disk.open(path()));
            now.join();
            open = now;
        }
        if (sealed && flushed) {
            openFiles.opened(this);
        }
        return now;
    }

    /// The index, from memory, from its files, or from a scan of the segment.
    public SparseIndex index() throws IOException {
        SparseIndex now = index;
        if (now != null) {
            return now;
        }
        if (!sealed) {
            return activeIndex();
        }
        // Two threads may do this at once; no lock is held, because opening this file may close
        // another segment's.
        now = IndexFiles.read(disk, this);
        index = now;
        return now;
    }

    /// The active segment's index is added to, so there must be only one.
    private synchronized SparseIndex activeIndex() throws IOException {
        SparseIndex now = index;
        if (now == null) {
            now = IndexFiles.read(disk, this);
            index = now;
        }
        return now;
    }

    /// Makes the index anew from the segment itself.
    ///
    /// @return false if that has been done before, so that it is not to blame
    public boolean rebuildIndex() throws IOException {
        if (!sealed || indexRebuilt) {
            return false;
        }
        indexRebuilt = true;
        index = IndexFiles.scan(this);
        return true;
    }

    /// No more is written to it.
    public void seal() {
        SparseIndex now = index;
        if (now != null) {
            now.trim();
        }
        sealed = true;
    }

    /// Everything in a sealed segment is on disk: its index goes to disk too, and its file may be
    /// closed.
    public void sealedAndFlushed() throws IOException {
        flushed = true;
        openFiles.opened(this);
        writeIndex(bytes);
    }

    /// Writes the index files for the bytes up to a position.
    public void writeIndex(int end) throws IOException {
        IndexFiles.write(disk, this, end);
    }

    public synchronized boolean isDeleted() {
        return deleted;
    }

    /// Closes the file and drops the index, once nobody reads any more; both come back when needed.
    public synchronized void release() {
        if (pinned) {
            return;
        }
        OpenFile now = open;
        open = null;
        if (sealed) {
            index = null;
        }
        if (now != null) {
            leave(now);
        }
    }

    private void leave(OpenFile file) {
        try {
            file.leave();
        } catch (IOException _) {
            // Nothing is lost: whatever had to be durable was flushed before.
        }
    }

    /// Keeps the open file and index as they are, because the names are about to mean others.
    public void pin() throws IOException {
        SparseIndex loaded = index();
        synchronized (this) {
            // A release since then may have dropped it again.
            index = loaded;
            if (open == null) {
                open = new OpenFile(disk.open(path()));
            }
            pinned = true;
        }
        openFiles.forget(this);
    }

    /// Lets a pinned file go.
    ///
    /// @param isReplaced whether the names mean others now
    public void unpin(boolean isReplaced) {
        synchronized (this) {
            pinned = false;
            deleted |= isReplaced;
        }
        release();
    }

    /// Closes and deletes the files; readers that hold the file open go on.
    public void delete() throws IOException {
        synchronized (this) {
            deleted = true;
        }
        openFiles.forget(this);
        release();
        disk.delete(path());
        disk.delete(SegmentFiles.path(folder, baseOffset, SegmentFiles.INDEX));
        disk.delete(SegmentFiles.path(folder, baseOffset, SegmentFiles.TIME_INDEX));
    }
}
