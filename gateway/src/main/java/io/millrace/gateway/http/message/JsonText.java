package io.millrace.gateway.http.message;

import io.millrace.event.format.ByteSink;
import java.nio.charset.StandardCharsets;

/// Writes JSON strings (RFC 8259, section 7) and numbers.
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /// Writes text with its quotes; a lone surrogate becomes a question mark.
    static void string(ByteSink out, String text) {
        out.write('"');
        int plain = 0;
        int length = text.length();
        while (plain < length && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == length) {
            out.ascii(text);
        } else {
            slowly(out, text);
        }
        out.write('"');
    }

    private static void slowly(ByteSink out, String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ') {
                        escaped.append("\\u00")
                                .append(HEX.charAt(c >> 4))
                                .append(HEX.charAt(c & 0xF));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        byte[] utf8 = escaped.toString().getBytes(StandardCharsets.UTF_8);
        out.write(utf8, 0, utf8.length);
    }

    static void number(ByteSink out, long number) {
        if (number >= 0 && number < 10) {
            out.write((int) ('0' + number));
        } else {
            out.ascii(Long.toString(number));
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
