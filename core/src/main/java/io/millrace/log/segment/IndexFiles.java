package io.millrace.log.segment;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The index of a sealed segment in Kafka's `.index` and `.timeindex` formats.
///
/// Both only repeat what the segment says, so they are written without a flush; whatever a crash
/// makes of them is noticed when they are read, and then they are made anew.
public final class IndexFiles {
    private static final int OFFSET_ENTRY_BYTES = 8;
    private static final int TIME_ENTRY_BYTES = 12;

    /// Enough for one header.
    private static final int FIRST_BYTES = 4096;

    private IndexFiles() {}

    /// Writes the entries for the bytes up to `end`, and for a sealed segment Kafka's closing time
    /// entry.
    public static void write(Disk disk, Segment segment, int end) throws IOException {
        SparseIndex index = segment.index();
        int count = index.count();
        ByteBuffer offsets = ByteBuffer.allocate(count * OFFSET_ENTRY_BYTES);
        ByteBuffer times = ByteBuffer.allocate((count + 1) * TIME_ENTRY_BYTES);
        long last = -1;
        for (int i = 0; i < count && index.position(i) < end; i++) {
            offsets.putInt(index.lastOffsetDelta(i)).putInt(index.position(i));
            if (index.time(i) > last) {
                last = index.time(i);
                times.putLong(last).putInt(index.lastOffsetDelta(i));
            }
        }
        if (segment.isSealed() && segment.bytes() > 0 && segment.lastTimestamp() > last) {
            times.putLong(segment.lastTimestamp()).putInt(Tail.of(segment).lastDelta());
        }
        store(disk, path(segment, SegmentFiles.INDEX), offsets.flip());
        store(disk, path(segment, SegmentFiles.TIME_INDEX), times.flip());
    }

    /// What the last batches of a segment say.
    private record Tail(int lastDelta, long lastTimestamp) {
        /// Looks at the headers from the last index entry on.
        static Tail of(Segment segment) throws IOException {
            SparseIndex index = segment.index();
            int count = index.count();
            int delta = 0;
            long timestamp = count == 0 ? 0 : index.time(count - 1);
            OpenFile open = segment.open();
            try {
                int from = count == 0 ? 0 : index.position(count - 1);
                BatchScanner scanner = new BatchScanner(open.file(), from, segment.bytes(), false);
                while (scanner.look(segment.baseOffset()) == BatchScanner.Finding.BATCH) {
                    delta = delta(segment, scanner);
                    timestamp = Math.max(timestamp, scanner.maxTimestamp());
                    scanner.step();
                }
            } finally {
                open.leave();
            }
            return new Tail(delta, timestamp);
        }
    }

    public static long lastTimestamp(Segment segment) throws IOException {
        return Tail.of(segment).lastTimestamp();
    }

    public static long firstTimestamp(Segment segment) throws IOException {
        OpenFile open = segment.open();
        try {
            BatchScanner scanner =
                    new BatchScanner(open.file(), 0, Math.min(segment.bytes(), FIRST_BYTES), false);
            return scanner.peek() && !BatchFormat.isProduced(scanner.bytes(), 0)
                    ? BatchFormat.baseTimestamp(scanner.bytes(), 0)
                    : -1;
        } finally {
            open.leave();
        }
    }

    private static void store(Disk disk, Path path, ByteBuffer content) throws IOException {
        try (DiskFile file = disk.open(path)) {
            int bytes = content.remaining();
            file.write(content, 0);
            file.truncate(bytes);
        }
    }

    /// The index from its files, completed by a look at the batches behind its last entry; or,
    /// where the files are missing or wrong, from a scan.
    public static SparseIndex read(Disk disk, Segment segment) throws IOException {
        SparseIndex stored = stored(disk, segment);
        return stored != null && complete(segment, stored) ? stored : scan(segment);
    }

    private static @Nullable SparseIndex stored(Disk disk, Segment segment) {
        ByteBuffer offsets = load(disk, path(segment, SegmentFiles.INDEX));
        ByteBuffer times = load(disk, path(segment, SegmentFiles.TIME_INDEX));
        if (offsets == null
                || times == null
                || offsets.remaining() % OFFSET_ENTRY_BYTES != 0
                || times.remaining() % TIME_ENTRY_BYTES != 0) {
            return null;
        }
        SparseIndex index = new SparseIndex();
        int lastDelta = -1;
        int lastPosition = 0;
        TimeEntries entries = new TimeEntries(times);
        while (offsets.hasRemaining()) {
            int delta = offsets.getInt();
            int position = offsets.getInt();
            if (delta <= lastDelta || position <= lastPosition) {
                return null;
            }
            if (position < segment.bytes()) {
                index.add(position, delta, entries.timeAt(delta));
            }
            lastDelta = delta;
            lastPosition = position;
        }
        return entries.isSound() ? index : null;
    }

    /// Adds what follows the last entry.
    ///
    /// @return false if the last entry does not fit the segment, or damage follows it
    private static boolean complete(Segment segment, SparseIndex index) throws IOException {
        int count = index.count();
        int from = count == 0 ? 0 : index.position(count - 1);
        long time = count == 0 ? 0 : index.time(count - 1);
        OpenFile open = segment.open();
        try {
            BatchScanner scanner = new BatchScanner(open.file(), from, segment.bytes(), false);
            while (scanner.look(segment.baseOffset()) == BatchScanner.Finding.BATCH) {
                int delta = delta(segment, scanner);
                if (scanner.position() > from || count == 0) {
                    time = Math.max(time, scanner.maxTimestamp());
                    index.offer((int) scanner.position(), delta, time);
                } else if (index.lastOffsetDelta(count - 1) != delta
                        || scanner.maxTimestamp() > time) {
                    return false;
                }
                scanner.step();
            }
            return scanner.position() == segment.bytes();
        } finally {
            open.leave();
        }
    }

    /// Walks the entries of a time index beside those of an offset index.
    private static final class TimeEntries {
        private final ByteBuffer entries;
        private long time = -1;
        private long nextTime = -1;
        private int nextDelta = -1;
        private boolean hasNext;
        private boolean sound = true;

        TimeEntries(ByteBuffer entries) {
            this.entries = entries;
            advance();
        }

        private void advance() {
            hasNext = entries.hasRemaining();
            if (hasNext) {
                long before = nextTime;
                int beforeDelta = nextDelta;
                nextTime = entries.getLong();
                nextDelta = entries.getInt();
                sound &= nextTime > before && nextDelta >= beforeDelta;
            }
        }

        long timeAt(int delta) {
            while (hasNext && nextDelta <= delta) {
                time = nextTime;
                advance();
            }
            return time;
        }

        boolean isSound() {
            return sound;
        }
    }

    public static SparseIndex scan(Segment segment) throws IOException {
        SparseIndex index = new SparseIndex();
        OpenFile open = segment.open();
        try {
            BatchScanner scanner = new BatchScanner(open.file(), 0, segment.bytes());
            if (!segment.isSparse()) {
                scanner.dense(0);
            }
            long offset = segment.baseOffset();
            long time = -1;
            while (true) {
                switch (scanner.look(offset)) {
                    case BATCH -> {
                        time = Math.max(time, scanner.maxTimestamp());
                        offset = scanner.endOffset();
                        index.offer((int) scanner.position(), delta(segment, scanner), time);
                        scanner.step();
                    }
                    case DAMAGE -> scanner.resync(offset);
                    case END -> {
                        return index;
                    }
                }
            }
        } finally {
            open.leave();
        }
    }

    private static int delta(Segment segment, BatchScanner scanner) {
        return (int) (scanner.endOffset() - 1 - segment.baseOffset());
    }

    private static @Nullable ByteBuffer load(Disk disk, Path path) {
        try {
            int size = (int) Math.min(disk.size(path), 256 << 20);
            ByteBuffer content = ByteBuffer.allocate(size);
            try (DiskFile file = disk.open(path)) {
                while (content.hasRemaining() && file.read(content, content.position()) > 0) {
                    // until all is there
                }
            }
            return content.flip();
        } catch (IOException _) {
            // Not there, or not to be read: the segment itself has all that is needed.
            return null;
        }
    }

    private static Path path(Segment segment, String suffix) {
        return SegmentFiles.path(segment.folder(), segment.baseOffset(), suffix);
    }
}
