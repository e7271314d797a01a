package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Decodes UTF-8 strictly and remembers what it has decoded, until told to forget, so that a row's
/// text can be had after a parser has taken it apart.
///
/// Not thread-safe.
final class RecordingReader extends Reader {
    private static final int BUFFER_BYTES = 1 << 15;

    /// What a parser may have read ahead of the row that it is at.
    private static final int AHEAD_MAX = 1 << 16;

    private final InputStream in;
    private final String origin;
    private final int keptMax;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final StringBuilder kept = new StringBuilder();
    private int forgotten;
    private long keptFrom;
    private long bytesRead;
    private boolean ended;
    private char heldBack;

    /// @param origin the file, as the user knows it
    /// @param rowMax the longest row in characters
    RecordingReader(InputStream in, String origin, int rowMax) {
        this.in = in;
        this.origin = origin;
        this.keptMax = rowMax + AHEAD_MAX;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = decode(target, offset, length);
        if (count < 0) {
            return -1;
        }
        kept.append(target, offset, count);
        if (kept.length() - forgotten > keptMax) {
            throw CommandFailure.failed(
                    "%s has a row of more than %d characters; is a quote not closed?"
                            .formatted(origin, RowSource.ROW_MAX));
        }
        return count;
    }

    private int decode(char[] target, int offset, int length) throws IOException {
        CharBuffer chars = CharBuffer.wrap(target, offset, length);
        if (heldBack != 0) {
            chars.put(heldBack);
            heldBack = 0;
            return 1;
        }
        while (chars.position() == 0) {
            CoderResult result = decoder.decode(bytes, chars, ended);
            if (chars.position() > 0) {
                break;
            }
            if (result.isError()) {
                throw notUtf8();
            }
            if (result.isOverflow()) {
                pair(chars);
            } else if (ended) {
                return -1;
            } else {
                fill();
            }
        }
        return chars.position();
    }

    /// Hands a surrogate pair out in two halves, as there is room for one of them only.
    private void pair(CharBuffer chars) {
        CharBuffer pair = CharBuffer.allocate(2);
        decoder.decode(bytes, pair, ended);
        chars.put(pair.get(0));
        heldBack = pair.get(1);
    }

    private void fill() throws IOException {
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            ended = true;
        } else {
            bytesRead += count;
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
    }

    private CommandFailure notUtf8() {
        long at = bytesRead - bytes.remaining();
        return CommandFailure.failed(
                "%s is not UTF-8: byte %d (0x%02X) is wrong. Convert it first, for instance with iconv."
                        .formatted(origin, at, bytes.get(bytes.position()) & 0xFF));
    }

    /// The text between two positions, counted in characters from the beginning; everything before
    /// the second is forgotten.
    String take(long from, long to) {
        int end = (int) Math.min(to - keptFrom, kept.length());
        String text = kept.substring((int) (from - keptFrom), end);
        forgotten = end;
        if (forgotten > AHEAD_MAX) {
            kept.delete(0, forgotten);
            keptFrom += forgotten;
            forgotten = 0;
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
