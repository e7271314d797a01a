package io.millrace.log.batch;

import java.nio.charset.StandardCharsets;

/// Strings as UTF-8 without intermediate arrays where they are ASCII, as nearly all attributes are.
public final class Utf8 {
    private Utf8() {}

    /// The length of the text in UTF-8.
    public static int length(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return length;
    }

    /// Writes the text.
    ///
    /// @param length its length in UTF-8
    /// @return the position behind
    // getBytes(int, int, byte[], int) keeps the lower byte of each character, which is wrong for
    // text in general and therefore deprecated, and right and the fastest way for ASCII.
    @SuppressWarnings("deprecation")
    public static int write(String text, byte[] target, int at, int length) {
        if (length == text.length()) {
            text.getBytes(0, length, target, at);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(utf8, 0, target, at, utf8.length);
        }
        return at + length;
    }
}
