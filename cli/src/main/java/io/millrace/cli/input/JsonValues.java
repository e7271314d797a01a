package io.millrace.cli.input;

import io.millrace.cli.process.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Cuts JSON text into its objects without changing a byte of them: one after the other, as in
/// newline-delimited JSON, or as members of arrays. It holds one object at a time.
///
/// Only the borders are found here; whether an object is well-formed inside is for a parser.
///
/// Not thread-safe.
public final class JsonValues implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final String origin;
    private final int bytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private long bufferStart;
    private long line = 1;
    private boolean inArray;
    private boolean afterMember;

    /// One object.
    ///
    /// @param text its bytes as they were written
    /// @param line the line on which it begins, from 1
    /// @param end the offset of the byte behind it
    public record Value(byte[] text, long line, long end) {}

    /// @param origin the file, as the user knows it
    /// @param bytesMax the largest object
    public JsonValues(InputStream in, String origin, int bytesMax) {
        this.in = in;
        this.origin = origin;
        this.bytesMax = bytesMax;
    }

    /// The next object, or `null` at the end.
    ///
    /// @throws CommandFailure naming the line at which the text is not as it should be
    public @Nullable Value next() throws IOException {
        while (true) {
            int c = read();
            if (c < 0) {
                if (inArray) {
                    throw wrong("ends before its array is closed by ]");
                }
                return null;
            }
            switch (c) {
                case ' ', '\t', '\r', '\n', 0x1E -> {
                    // Space between values; RFC 7464 puts a record separator there too.
                }
                case '{' -> {
                    if (inArray && afterMember) {
                        throw wrong("lacks a comma between two objects");
                    }
                    afterMember = true;
                    return object();
                }
                case '[' -> {
                    if (inArray) {
                        throw wrong("has an array where an object should be");
                    }
                    inArray = true;
                    afterMember = false;
                }
                case ',' -> {
                    if (!inArray || !afterMember) {
                        throw wrong("has a comma where an object should be");
                    }
                    afterMember = false;
                }
                case ']' -> {
                    if (!inArray) {
                        throw wrong("has a ] that closes nothing");
                    }
                    inArray = false;
                }
                case 0xEF -> byteOrderMark();
                default ->
                        throw wrong(
                                "has \"%s\" where an object should begin with {"
                                        .formatted(shown(c)));
            }
        }
    }

    private Value object() throws IOException {
        long startLine = line;
        ByteArrayOutputStream text = new ByteArrayOutputStream(256);
        text.write('{');
        int depth = 1;
        boolean inString = false;
        boolean escaped = false;
        while (depth > 0) {
            int c = read();
            if (c < 0) {
                throw wrong("ends in the middle of the object that begins on line " + startLine);
            }
            text.write(c);
            if (text.size() > bytesMax) {
                throw wrong("has an object of more than %d bytes".formatted(bytesMax));
            }
            if (inString) {
                inString = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return new Value(text.toByteArray(), startLine, bufferStart + at);
    }

    private void byteOrderMark() throws IOException {
        boolean first = bufferStart + at == 1;
        if (!first || read() != 0xBB || read() != 0xBF) {
            throw wrong("has a character where an object should begin with {");
        }
    }

    private int read() throws IOException {
        if (at == end) {
            bufferStart += end;
            at = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                return -1;
            }
        }
        int c = buffer[at++] & 0xFF;
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private static String shown(int c) {
        return c > ' ' && c < 0x7F ? Character.toString(c) : "byte 0x%02X".formatted(c);
    }

    private CommandFailure wrong(String what) {
        return CommandFailure.failed("%s, line %d: the text %s.".formatted(origin, line, what));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
