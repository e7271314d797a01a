package io.millrace.log.segment;

import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes zeros ahead of where a synced log grows.
///
/// A flush that makes a file longer has to write the file system's journal as well, and costs
/// several times as much as one that only overwrites blocks which the file already has (ADR 0003).
/// Recovery takes zeros at a file's end for room that was never used.
///
/// Any thread that is the writer of the segment at hand.
public final class Room {
    private static final int STEP_BYTES_MIN = 64 << 10;
    private static final int STEP_BYTES_MAX = 4 << 20;
    private static final int ZEROS_BYTES = 256 << 10;

    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

    /// Makes room if what is about to be written does not fit into what there is. A small segment
    /// gets little, so that many small logs do not fill a disk.
    ///
    /// @param end where the write ends
    /// @param limit where the segment ends at the latest
    public void ensure(Segment segment, DiskFile file, int end, int limit) throws IOException {
        if (end <= segment.room()) {
            return;
        }
        int target =
                (int) Math.min(limit, end + (long) Math.clamp(end, STEP_BYTES_MIN, STEP_BYTES_MAX));
        if (target <= end) {
            return;
        }
        int begin = segment.room();
        segment.room(target);
        try {
            for (int position = end; position < target; ) {
                ByteBuffer part = zeros.duplicate();
                part.limit(Math.min(part.capacity(), target - position));
                int length = part.remaining();
                file.write(part, position);
                position += length;
            }
        } catch (IOException _) {
            // Room is a matter of speed; the record itself may still fit.
            file.truncate(begin);
            segment.room(begin);
        }
    }

    /// Gives back what was not used.
    public static void trim(Segment segment) throws IOException {
        OpenFile open = segment.open();
        try {
            if (segment.room() > segment.bytes()) {
                open.file().truncate(segment.bytes());
                segment.room(segment.bytes());
            }
            open.file().releaseRoom();
        } finally {
            open.leave();
        }
    }

    /// The same where a failure does not matter: the next start does it.
    public static void trimQuietly(Segment segment) {
        try {
            trim(segment);
        } catch (IOException _) {
            // see above
        }
    }

    /// Whether a file holds nothing but zeros from a position on.
    public static boolean isBlank(DiskFile file, long from, long to) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, Math.max(0, to - from)));
        long position = from;
        while (position < to) {
            buffer.clear();
            buffer.limit((int) Math.min(buffer.capacity(), to - position));
            int read = file.read(buffer, position);
            if (read < 0) {
                return true;
            }
            for (int i = 0; i < read; i++) {
                if (buffer.get(i) != 0) {
                    return false;
                }
            }
            position += read;
        }
        return true;
    }
}
