package io.millrace.event.transform;

/// Text that counts how many of its characters are looked at: an expression that goes back and
/// forth over it without end is stopped. Owned by one thread.
final class WatchedText implements CharSequence {
    private final String text;
    private final RunLimits limits;

    WatchedText(String text, RunLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        limits.look();
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
