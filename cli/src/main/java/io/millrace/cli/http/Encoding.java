package io.millrace.cli.http;

import java.nio.charset.StandardCharsets;

/// Percent-encoding (RFC 3986, section 2.1) as paths and queries need it.
public final class Encoding {
    private static final String HEX = "0123456789ABCDEF";

    private Encoding() {}

    /// A context or pattern as a path of URL segments, with its leading `/`. The `*` of patterns
    /// stays as it is.
    public static String path(String path) {
        return encode(path, "-._~/*");
    }

    /// One segment of a path.
    public static String segment(String text) {
        return encode(text, "-._~");
    }

    /// A parameter's value.
    public static String parameter(String text) {
        return encode(text, "-._~:/*");
    }

    private static String encode(String text, String plain) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isAlphanumeric(c) || plain.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
