package io.millrace.gateway.mqtt.message;

import io.millrace.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The attributes of an event that was a plain message.
final class PlainMessage {
    static final String TYPE = "io.millrace.mqtt.message";

    /// What stands for something else in the path of a URI, or may not stand there (RFC 3986,
    /// section 3.3).
    private static final String SPECIAL = "\"<>\\^`{|}%?#[]";

    private static final long[] PLAIN = plain();

    private PlainMessage() {}

    private static long[] plain() {
        long[] bits = new long[2];
        for (int c = ' ' + 1; c < 0x7F; c++) {
            if (SPECIAL.indexOf(c) < 0) {
                bits[c >> 6] |= 1L << c;
            }
        }
        return bits;
    }

    /// Whether an event has nothing but what a plain message gives it, so that nothing is lost when
    /// it goes out as one again, but for the id and the time of recording.
    static boolean isOne(Event event) {
        boolean plain =
                event.type().equals(TYPE)
                        && event.subject() == null
                        && event.time() == null
                        && event.dataSchema() == null
                        && event.data() != null;
        if (plain && !event.extensions().isEmpty()) {
            for (String name : event.extensions().keySet()) {
                if (!PropertyExtensions.isOne(name) && !MessageExpiry.isOf(name)) {
                    return false;
                }
            }
        }
        return plain;
    }

    /// The path of a context as a URI reference. Nearly always these are the same text.
    static String source(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (!isPlain(path.charAt(i))) {
                return encoded(path);
            }
        }
        return path;
    }

    private static boolean isPlain(int c) {
        return c >= 0 && c < 0x80 && (PLAIN[c >> 6] & 1L << c) != 0;
    }

    private static String encoded(String path) {
        HexFormat hex = HexFormat.of().withUpperCase();
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        StringBuilder source = new StringBuilder(utf8.length + 16);
        for (byte b : utf8) {
            if (isPlain(b)) {
                source.append((char) b);
            } else {
                source.append('%').append(hex.toHexDigits(b));
            }
        }
        return source.toString();
    }
}
