package io.millrace.gateway.http.message;

import io.millrace.event.format.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/// Writes JSON strings (RFC 8259, section 7), numbers and times.
public final class JsonText {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final long YEAR_10000_MILLIS = 253_402_300_800_000L;
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /// Writes text with its quotes; a lone surrogate becomes a question mark.
    public static void string(ByteSink out, String text) {
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

    public static void number(ByteSink out, long number) {
        if (number >= 0 && number < 10) {
            out.write((int) ('0' + number));
        } else {
            out.ascii(Long.toString(number));
        }
    }

    /// Writes a time with its quotes (RFC 3339), in UTC and always with three digits of the second,
    /// so that all have one length and sort as text. By hand, because leases have three of them
    /// each.
    public static void time(ByteSink out, long epochMillis) {
        if (epochMillis < 0 || epochMillis >= YEAR_10000_MILLIS) {
            string(out, Instant.ofEpochMilli(epochMillis).toString());
            return;
        }
        LocalDate day = LocalDate.ofEpochDay(epochMillis / DAY_MILLIS);
        int millis = (int) (epochMillis % DAY_MILLIS);
        out.write('"');
        digits(out, day.getYear(), 1_000);
        out.write('-');
        digits(out, day.getMonthValue(), 10);
        out.write('-');
        digits(out, day.getDayOfMonth(), 10);
        out.write('T');
        digits(out, millis / 3_600_000, 10);
        out.write(':');
        digits(out, millis / 60_000 % 60, 10);
        out.write(':');
        digits(out, millis / 1_000 % 60, 10);
        out.write('.');
        digits(out, millis % 1_000, 100);
        out.write('Z');
        out.write('"');
    }

    /// @param first what the first digit counts: 100 for three digits
    private static void digits(ByteSink out, int number, int first) {
        for (int unit = first; unit > 0; unit /= 10) {
            out.write('0' + number / unit % 10);
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
