package io.millrace.gateway.http.message;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Undoes a `Content-Encoding`. Stops as soon as more comes out than is allowed, whatever the
/// compressed body promises.
public final class BodyDecoder {
    /// Larger windows than this, 8 MiB, are refused: a few bytes could claim gigabytes.
    private static final int ZSTD_WINDOW_LOG_MAX = 23;

    private static final int FIRST_CAPACITY = 16 << 10;

    private BodyDecoder() {}

    /// @param encoding value of the header
    /// @param tooLarge what to throw if the result has more than `bytesMax` bytes
    public static Bytes decode(
            Bytes content, String encoding, int bytesMax, MillraceException tooLarge) {
        try (InputStream in = open(content, encoding)) {
            return in == null ? content : read(in, content.length(), bytesMax, tooLarge);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "content-encoding",
                    "the body is not whole and valid %s".formatted(encoding));
        }
    }

    // The stream is closed by the caller; the decoders hold memory outside the heap until then.
    private static @org.jspecify.annotations.Nullable InputStream open(
            Bytes content, String encoding) throws IOException {
        byte[] compressed = content.toArray();
        InputStream in = new ByteArrayInputStream(compressed);
        return switch (encoding.toLowerCase(Locale.ROOT).strip()) {
            case "identity", "" -> null;
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            case "deflate" -> inflater(in, compressed);
            case "zstd" -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG_MAX);
            default ->
                    throw new MillraceException(
                            ErrorCode.ENCODING_UNSUPPORTED,
                            "content-encoding",
                            "must be gzip, deflate, zstd or identity");
        };
    }

    /// `deflate` means zlib (RFC 9110, section 8.4.1.2), but some send it without zlib's header.
    private static InputStream inflater(InputStream in, byte[] compressed) {
        boolean zlib =
                compressed.length > 1
                        && (compressed[0] & 0x0F) == 8
                        && ((compressed[0] & 0xFF) << 8 | (compressed[1] & 0xFF)) % 31 == 0;
        Inflater inflater = new Inflater(!zlib);
        return new InflaterInputStream(in, inflater) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }

    private static Bytes read(InputStream in, int guess, int bytesMax, MillraceException tooLarge)
            throws IOException {
        byte[] out = new byte[Math.min(bytesMax, Math.max(FIRST_CAPACITY, 4 * guess))];
        int length = 0;
        while (true) {
            int count = in.read(out, length, out.length - length);
            if (count < 0) {
                return Bytes.wrap(out, 0, length);
            }
            length += count;
            if (length == out.length) {
                if (length == bytesMax) {
                    if (in.read() >= 0) {
                        throw tooLarge;
                    }
                    return Bytes.wrap(out, 0, length);
                }
                out = Arrays.copyOf(out, (int) Math.min(bytesMax, 2L * length));
            }
        }
    }
}
