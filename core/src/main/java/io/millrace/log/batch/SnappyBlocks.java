package io.millrace.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/// Snappy's blocks in the frames of snappy-java, as Kafka's Java clients write them, or one block
/// without a frame, as others do.
///
/// The library's own stream believes whatever length a block says that it has; this one asks first
/// whether so few bytes can become so many.
final class SnappyBlocks extends InputStream {
    private static final byte[] MAGIC = {-126, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

    /// The magic, and two versions of four bytes.
    private static final int FRAME_BYTES = 16;

    /// No element of Snappy's has more output for each byte.
    private static final int EXPANSION_MAX = 24;

    private final byte[] source;
    private final int end;
    private final boolean isFramed;
    private int at;
    private byte[] block = {};
    private int blockAt;
    private int blockEnd;

    SnappyBlocks(byte[] source, int from, int end) {
        this.source = source;
        this.end = end;
        this.isFramed =
                end - from >= FRAME_BYTES
                        && Arrays.equals(source, from, from + MAGIC.length, MAGIC, 0, MAGIC.length);
        this.at = isFramed ? from + FRAME_BYTES : from;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        while (blockAt == blockEnd) {
            if (at == end) {
                return -1;
            }
            nextBlock();
        }
        int count = Math.min(length, blockEnd - blockAt);
        System.arraycopy(block, blockAt, target, from, count);
        blockAt += count;
        return count;
    }

    private void nextBlock() throws IOException {
        int length = end - at;
        if (isFramed) {
            if (length < Integer.BYTES) {
                throw new IOException("a block has no length");
            }
            length = BatchFormat.intAt(source, at);
            at += Integer.BYTES;
            if (length < 0 || length > end - at) {
                throw new IOException("a block says that it has %d bytes".formatted(length));
            }
        }
        int size = Snappy.uncompressedLength(source, at, length);
        if (size < 0
                || size > BatchFormat.RECORDS_BYTES_MAX
                || size > (long) length * EXPANSION_MAX) {
            throw new IOException(
                    "a block of %d bytes says that it becomes %d".formatted(length, size));
        }
        if (block.length < size) {
            block = new byte[size];
        }
        blockEnd = Snappy.uncompress(source, at, length, block, 0);
        blockAt = 0;
        at += length;
    }
}
