package io.millrace.event.format;

/// Writes JSON strings (RFC 8259, section 7), with the shortest escapes and only where one is
/// needed.
final class JsonStrings {
    private static final String HEX = "0123456789abcdef";

    private JsonStrings() {}

    /// Writes text without lone surrogates, which an event's attributes never have.
    static void write(ByteSink out, String text) {
        int count = text.length();
        // One character is at most three bytes, or six when it is escaped.
        out.ensure(count * 6 + 2);
        byte[] buffer = out.array();
        int start = out.length();
        int at = start;
        buffer[at++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c >= ' ' && c != '"' && c != '\\') {
                    buffer[at++] = (byte) c;
                } else {
                    at = escape(buffer, at, c);
                }
            } else if (c < 0x800) {
                buffer[at++] = (byte) (0xC0 | (c >> 6));
                buffer[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c)) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                buffer[at++] = (byte) (0xF0 | (codePoint >> 18));
                buffer[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
                buffer[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
                buffer[at++] = (byte) (0x80 | (codePoint & 0x3F));
            } else {
                buffer[at++] = (byte) (0xE0 | (c >> 12));
                buffer[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                buffer[at++] = (byte) (0x80 | (c & 0x3F));
            }
        }
        buffer[at++] = '"';
        out.claim(at - start);
    }

    /// Writes well-formed UTF-8.
    static void write(ByteSink out, byte[] utf8, int from, int to) {
        out.ensure(to - from + 2);
        out.write('"');
        int copied = from;
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
                out.write(utf8, copied, i - copied);
                out.ensure(6);
                out.claim(escape(out.array(), out.length(), (char) b) - out.length());
                copied = i + 1;
            }
        }
        out.write(utf8, copied, to - copied);
        out.write('"');
    }

    private static int escape(byte[] buffer, int position, char c) {
        int at = position;
        buffer[at++] = '\\';
        switch (c) {
            case '"', '\\' -> buffer[at++] = (byte) c;
            case '\n' -> buffer[at++] = 'n';
            case '\r' -> buffer[at++] = 'r';
            case '\t' -> buffer[at++] = 't';
            case '\b' -> buffer[at++] = 'b';
            case '\f' -> buffer[at++] = 'f';
            default -> {
                buffer[at++] = 'u';
                buffer[at++] = '0';
                buffer[at++] = '0';
                buffer[at++] = (byte) HEX.charAt(c >> 4);
                buffer[at++] = (byte) HEX.charAt(c & 0xF);
            }
        }
        return at;
    }
}
