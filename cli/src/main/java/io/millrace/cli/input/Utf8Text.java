package io.millrace.cli.input;

import io.millrace.cli.process.CommandFailure;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Bytes that must be UTF-8 text.
public final class Utf8Text {
    private Utf8Text() {}

    /// The text, without a byte order mark.
    ///
    /// @param origin the file, as the user knows it
    /// @throws CommandFailure naming the first byte that is wrong
    public static String decode(byte[] bytes, String origin) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw CommandFailure.failed(
                    "%s is not UTF-8: byte %d is wrong. Convert it first, for instance with iconv."
                            .formatted(origin, in.position()));
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
