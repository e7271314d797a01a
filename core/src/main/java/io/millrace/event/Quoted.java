package io.millrace.event;

/// Shows a caller's own text back in an error without letting it grow or break the line.
final class Quoted {
    private static final int LENGTH_MAX = 64;

    private Quoted() {}

    static String shortened(String text) {
        String visible = text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "…";
        return visible.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
