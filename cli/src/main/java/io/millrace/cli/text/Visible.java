package io.millrace.cli.text;

/// Makes foreign text harmless on a terminal: what comes out of events was written by strangers.
public final class Visible {
    private Visible() {}

    /// The text with control characters, and those that change the direction of writing, as
    /// `\u001b`; line ends and tabs as `\n`, `\r`, `\t`.
    public static String of(String text) {
        int at = 0;
        while (at < text.length() && !isUnsafe(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!isUnsafe(c)) {
                safe.append(c);
            } else {
                switch (c) {
                    case '\n' -> safe.append("\\n");
                    case '\r' -> safe.append("\\r");
                    case '\t' -> safe.append("\\t");
                    default -> safe.append("\\u%04x".formatted((int) c));
                }
            }
        }
        return safe.toString();
    }

    /// The beginning of the text, at most `length` characters, with `…` if something is left out.
    public static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Math.max(0, length - 1);
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }

    private static boolean isUnsafe(char c) {
        return Character.isISOControl(c)
                || (c >= 0x200E && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
