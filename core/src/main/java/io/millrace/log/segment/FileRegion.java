package io.millrace.log.segment;

import io.millrace.log.LogRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// A part of one segment's file, which stays open meanwhile.
public final class FileRegion implements LogRegion {
    public static final LogRegion EMPTY = new FileRegion(null, 0, 0, 0);

    private final int start;
    private final int size;
    private final long endOffset;
    private @Nullable OpenFile open;

    /// @param open joined for this region; it leaves
    /// @param endOffset see [LogRegion#endOffset]
    FileRegion(@Nullable OpenFile open, int start, int size, long endOffset) {
        this.open = open;
        this.start = start;
        this.size = size;
        this.endOffset = endOffset;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long endOffset() {
        return endOffset;
    }

    @Override
    public long transferTo(long position, WritableByteChannel target) throws IOException {
        long left = size - position;
        return left <= 0 ? 0 : open().file().transferTo(start + position, left, target);
    }

    @Override
    public void read(ByteBuffer target, int position) throws IOException {
        int limit = target.limit();
        target.limit((int) Math.min(limit, target.position() + (long) size - position));
        try {
            int at = start + position;
            while (target.hasRemaining()) {
                int read = open().file().read(target, at);
                if (read < 0) {
                    throw new EOFException("the file ends at position %d".formatted(at));
                }
                at += read;
            }
        } finally {
            target.limit(limit);
        }
    }

    private OpenFile open() throws IOException {
        OpenFile now = open;
        if (now == null) {
            throw new IOException("the region is closed");
        }
        return now;
    }

    @Override
    public void close() {
        OpenFile now = open;
        open = null;
        if (now != null) {
            now.leaveQuietly();
        }
    }
}
