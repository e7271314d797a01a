package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-encoding (RFC 3986, section 2.1) of UTF-8 text.
public final class PercentEncoding {
    private PercentEncoding() {}

    /// @throws MillraceException with [ErrorCode#REQUEST_INVALID] if an escape is malformed or the
    ///   bytes are not UTF-8
    public static String decode(String text, String field) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out[length++] = in[i];
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID,
                        field,
                        "has a % that two hex digits do not follow");
            }
            out[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, field, "is not UTF-8 once decoded");
        }
    }
}
