package io.millrace.event.format;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.charset.StandardCharsets;

/// Attribute values in HTTP headers, percent-encoded (CloudEvents HTTP binding, section 3.1.3.2).
/// NATS headers follow the same rules.
///
/// A value of plain ASCII, which most are, comes back as the very string that went in. The content
/// type is not encoded: `datacontenttype` is the `Content-Type` header as it is.
public final class HttpHeaderValues {
    private static final String HEX = "0123456789ABCDEF";

    private HttpHeaderValues() {}

    /// Encodes the canonical text of an attribute.
    public static String encode(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isPlain(value.charAt(i))) {
                return encode(value, i);
            }
        }
        return value;
    }

    private static String encode(String value, int plain) {
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        encoded.append(value, 0, plain);
        for (byte b : value.substring(plain).getBytes(StandardCharsets.UTF_8)) {
            if (isPlain((char) (b & 0xFF))) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 0xF)).append(HEX.charAt(b & 0xF));
            }
        }
        return encoded.toString();
    }

    /// Decodes a header's value: first the quotes around it, if it has any, then the escapes. Raw
    /// UTF-8, which old senders use, is accepted.
    ///
    /// @param value as the HTTP parser gives it: one character for each byte
    /// @param attribute whose value it is, to be named in the error
    /// @throws MillraceException EVENT_INVALID if an escape is malformed or the bytes are not UTF-8
    public static String decode(String value, String attribute) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' || c == '"' || c >= 0x80) {
                return decodeSlowly(isQuoted(value) ? unquoted(value) : value, attribute);
            }
        }
        return value;
    }

    private static String decodeSlowly(String value, String attribute) {
        int length = value.length();
        byte[] bytes = new byte[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c > 0xFF) {
                throw wrong(attribute, "has a character that no header can carry");
            }
            if (c == '%') {
                int high = i + 2 < length ? hex(value.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : hex(value.charAt(i + 2));
                if (low < 0) {
                    throw wrong(
                            attribute,
                            "has a % that two hex digits do not follow; write the % as %25");
                }
                bytes[count++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[count++] = (byte) c;
            }
        }
        if (Utf8.firstMalformed(bytes, 0, count) >= 0) {
            throw wrong(attribute, "is not UTF-8 once its escapes are decoded");
        }
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    /// Whether the whole value is one quoted string (RFC 9110, section 5.6.4). A lone quote, which
    /// has no meaning, stays what it is.
    private static boolean isQuoted(String value) {
        int last = value.length() - 1;
        if (last < 1 || value.charAt(0) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            if (value.charAt(i) == '\\') {
                i++;
                if (i == last) {
                    return false;
                }
            } else if (value.charAt(i) == '"') {
                return false;
            }
        }
        return value.charAt(last) == '"';
    }

    private static String unquoted(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            if (value.charAt(i) == '\\') {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '%';
    }

    private static MillraceException wrong(String attribute, String detail) {
        return new MillraceException(ErrorCode.EVENT_INVALID, attribute, detail);
    }
}
