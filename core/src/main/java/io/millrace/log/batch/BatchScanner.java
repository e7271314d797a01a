package io.millrace.log.batch;

import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Walks over the batches of a file from a position on, checking each, and finds the next sound one
/// behind damage. Not thread-safe.
public final class BatchScanner {
    private static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final long end;
    private final boolean checksCrc;
    private byte[] window;
    private long windowStart;
    private int windowBytes;
    private long position;
    private int size;

    /// Where the offset expected was known to belong; -1 where offsets may be missing.
    private long anchor = -1;

    /// What was found at [#position].
    public enum Finding {
        /// A whole batch that matches its CRC.
        BATCH,
        /// Nothing more.
        END,
        /// Bytes that are no whole and sound batch.
        DAMAGE
    }

    /// @param end where the file ends, or where to stop
    public BatchScanner(DiskFile file, long position, long end) {
        this(file, position, end, true);
    }

    /// @param checksCrc false to look at headers only
    public BatchScanner(DiskFile file, long position, long end, boolean checksCrc) {
        this(file, position, end, checksCrc, WINDOW_BYTES);
    }

    /// @param windowBytes how much to read at once
    public BatchScanner(
            DiskFile file, long position, long end, boolean checksCrc, int windowBytes) {
        this(
                file,
                position,
                end,
                checksCrc,
                new byte[(int) Math.min(windowBytes, Math.max(end - position, 1))]);
    }

    /// @param window what is read goes there, as far as it fits
    public BatchScanner(DiskFile file, long position, long end, boolean checksCrc, byte[] window) {
        this.file = file;
        this.position = position;
        this.end = end;
        this.checksCrc = checksCrc;
        this.window = window;
    }

    /// Looks at what is at the position.
    ///
    /// @param offsetMin the lowest offset that a batch may begin with here
    public Finding look(long offsetMin) throws IOException {
        size = 0;
        if (position >= end) {
            return Finding.END;
        }
        if (!has(BatchFormat.HEADER_BYTES)
                || !BatchFormat.isPlausible(window, start(), offsetMin)
                || isTooFar(offsetMin)) {
            return Finding.DAMAGE;
        }
        int length = BatchFormat.size(window, start());
        if (position + length > end) {
            return Finding.DAMAGE;
        }
        if (checksCrc && (!has(length) || !BatchFormat.crcMatches(window, start()))) {
            return Finding.DAMAGE;
        }
        size = length;
        return Finding.BATCH;
    }

    /// Whether there are enough bytes for a header at the position.
    public boolean peek() throws IOException {
        return has(BatchFormat.HEADER_BYTES);
    }

    /// Gets all of the batch that [#look] found, of which only the header may be there.
    ///
    /// @return whether it matches its CRC
    public boolean load() throws IOException {
        return has(size) && (checksCrc || BatchFormat.crcMatches(window, start()));
    }

    /// Steps over the batch that [#look] found.
    public void step() {
        position += size;
        if (anchor >= 0) {
            anchor = position;
        }
    }

    /// Says that no offset is missing: the one expected belongs to this position. No CRC covers the
    /// base offset, and this is what finds damage to it: bytes in between bound how far offsets can
    /// have come.
    public BatchScanner dense(long position) {
        anchor = position;
        return this;
    }

    private boolean isTooFar(long expected) {
        return anchor >= 0
                && baseOffset() - expected > (position - anchor) * BatchFormat.OFFSETS_PER_BYTE_MAX;
    }

    /// Moves to the next sound batch behind the damage, or to the end.
    ///
    /// @return whether there is one
    public boolean resync(long offsetMin) throws IOException {
        while (++position + BatchFormat.HEADER_BYTES <= end) {
            if (has(BatchFormat.HEADER_BYTES)
                    && window[start() + BatchFormat.MAGIC_AT] == BatchFormat.MAGIC
                    && BatchFormat.isPlausible(window, start(), offsetMin)
                    && !isTooFar(offsetMin)
                    && position + BatchFormat.size(window, start()) <= end
                    && has(BatchFormat.size(window, start()))
                    && BatchFormat.crcMatches(window, start())) {
                return true;
            }
        }
        position = end;
        return false;
    }

    public void position(long to) {
        position = to;
    }

    public long position() {
        return position;
    }

    /// The array in which the batch lies that was found.
    public byte[] bytes() {
        return window;
    }

    /// Where in [#bytes] it begins.
    public int start() {
        return (int) (position - windowStart);
    }

    public int size() {
        return size;
    }

    /// Where in [#bytes] the file's bytes end that are there.
    public int loadedEnd() {
        return windowBytes;
    }

    public long baseOffset() {
        return BatchFormat.baseOffset(window, start());
    }

    public long endOffset() {
        return BatchFormat.endOffset(window, start());
    }

    public long maxTimestamp() {
        return BatchFormat.maxTimestamp(window, start());
    }

    private int read(ByteBuffer target) throws IOException {
        long at = windowStart + target.position();
        try {
            return file.read(target, at);
        } catch (IOException e) {
            // Nothing of the window counts any more.
            windowBytes = 0;
            throw new ReadFailure(at, e);
        }
    }

    /// Gets so many bytes from the position on into the window.
    private boolean has(int length) throws IOException {
        if (position + length > end) {
            return false;
        }
        if (position >= windowStart && position + length <= windowStart + windowBytes) {
            return true;
        }
        if (length > window.length) {
            window = new byte[length];
        }
        windowStart = position;
        ByteBuffer target = ByteBuffer.wrap(window);
        target.limit((int) Math.min(window.length, end - position));
        while (target.hasRemaining()) {
            if (read(target) < 0) {
                break;
            }
        }
        windowBytes = target.position();
        return windowBytes >= length;
    }
}
