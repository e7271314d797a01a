package io.millrace.event;

/// Shows a caller's own text back in an error without letting it grow or break the line.
public final class Quoted {
    private static final int LENGTH_MAX = 64;

    private Quoted() {}

    /// At most 64 characters of the text, with U+FFFD in place of what cannot be shown.
    public static String shortened(String text) {
        int length = Math.min(text.length(), LENGTH_MAX);
        StringBuilder visible = new StringBuilder(length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean pair = i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (pair) {
                visible.append(c).append(text.charAt(++i));
            } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                visible.append('\uFFFD');
            } else {
                visible.append(c);
            }
        }
        return text.length() > LENGTH_MAX ? visible.append('…').toString() : visible.toString();
    }
}
