package io.millrace.log.batch;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/// Kafka's compressions: what the lowest bits of a batch's attributes mean, and how its records
/// come back. Stateless; any thread.
public final class Compression {
    public static final int NONE = 0;
    private static final int GZIP = 1;
    private static final int SNAPPY = 2;
    private static final int LZ4 = 3;
    private static final int ZSTD = 4;

    private static final int GZIP_BUFFER_BYTES = 8 << 10;
    private static final int COPY_BYTES = 16 << 10;

    private Compression() {}

    /// How many bytes one compressed byte can become at most, as the formats allow.
    public static int growthMax(int codec) {
        return switch (codec) {
            // A match of 258 bytes takes two bits.
            case GZIP -> 1_032;
            // A copy of 64 bytes takes three.
            case SNAPPY -> 22;
            // Each byte that lengthens a match stands for 255.
            case LZ4 -> 255;
            // A block of 128 KiB of one byte takes four.
            case ZSTD -> 32 << 10;
            default -> 1;
        };
    }

    static boolean isKnown(int codec) {
        return codec >= NONE && codec <= ZSTD;
    }

    /// The records of a batch that is compressed, uncompressed; nothing bounds how many bytes come.
    ///
    /// Closing it frees what the decompressor holds.
    ///
    /// @throws IOException also from its reads, if they are not what the batch says
    static InputStream stream(byte[] bytes, int start) throws IOException {
        int from = start + BatchFormat.HEADER_BYTES;
        int length = BatchFormat.size(bytes, start) - BatchFormat.HEADER_BYTES;
        InputStream source = new ByteArrayInputStream(bytes, from, length);
        try {
            return new SoundStream(
                    switch (BatchFormat.compression(bytes, start)) {
                        case GZIP -> new GZIPInputStream(source, GZIP_BUFFER_BYTES);
                        case SNAPPY -> new SnappyBlocks(bytes, from, from + length);
                        case LZ4 -> new LZ4FrameInputStream(source);
                        case ZSTD -> new ZstdInputStreamNoFinalizer(source);
                        default -> throw new IOException("its compression is not known");
                    });
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Turns what decompressors throw at bad input into what streams throw.
    private static final class SoundStream extends FilterInputStream {
        SoundStream(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            try {
                return in.read(target, from, length);
            } catch (RuntimeException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    /// The same batch with its records uncompressed, and with what does not fit any more corrected:
    /// the length and the compression, not the CRC.
    ///
    /// @throws MillraceException ENCODING_UNSUPPORTED, PARTITION_CORRUPT
    public static byte[] uncompressed(byte[] bytes, int start) {
        int codec = BatchFormat.compression(bytes, start);
        if (!isKnown(codec)) {
            throw new MillraceException(
                    ErrorCode.ENCODING_UNSUPPORTED,
                    "The batch at offset %d has compression type %d, which is not known."
                            .formatted(BatchFormat.baseOffset(bytes, start), codec));
        }
        ByteArrayOutputStream target =
                new ByteArrayOutputStream(BatchFormat.size(bytes, start) * 3);
        target.write(bytes, start, BatchFormat.HEADER_BYTES);
        byte[] part = new byte[COPY_BYTES];
        try (InputStream source = stream(bytes, start)) {
            int read = source.read(part, 0, part.length);
            while (read >= 0) {
                target.write(part, 0, read);
                if (target.size() > BatchFormat.HEADER_BYTES + BatchFormat.RECORDS_BYTES_MAX) {
                    throw new IOException("its records are too large");
                }
                read = source.read(part, 0, part.length);
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_CORRUPT,
                    "The batch at offset %d cannot be decompressed: %s."
                            .formatted(BatchFormat.baseOffset(bytes, start), e.getMessage()),
                    e);
        }
        byte[] batch = target.toByteArray();
        BatchFormat.uncompressed(batch);
        return batch;
    }

    /// A batch with its records compressed, and with the compression in its header; not its length
    /// and CRC.
    ///
    /// @param batch uncompressed, all of the array
    public static byte[] compressed(byte[] batch, int codec) {
        ByteArrayOutputStream target = new ByteArrayOutputStream(batch.length);
        target.write(batch, 0, BatchFormat.HEADER_BYTES);
        int length = batch.length - BatchFormat.HEADER_BYTES;
        try (OutputStream stream = compressing(target, codec)) {
            stream.write(batch, BatchFormat.HEADER_BYTES, length);
        } catch (IOException e) {
            throw new IllegalStateException("nothing but memory is written to", e);
        }
        byte[] compressed = target.toByteArray();
        BatchFormat.compressed(compressed, codec);
        return compressed;
    }

    private static OutputStream compressing(OutputStream target, int codec) throws IOException {
        return switch (codec) {
            case GZIP -> new GZIPOutputStream(target, GZIP_BUFFER_BYTES);
            case SNAPPY -> new SnappyOutputStream(target);
            case LZ4 ->
                    new LZ4FrameOutputStream(
                            target,
                            LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(target);
            default -> throw new IllegalArgumentException("unknown compression " + codec);
        };
    }
}
