package io.millrace.event.transform;

/// Text of which so many characters may be looked at: an expression that goes back and forth over
/// it without end is stopped. Owned by one thread.
final class WatchedText implements CharSequence {
    private final String text;
    private final int looksMax;
    private int looks;

    WatchedText(String text, int looksMax) {
        this.text = text;
        this.looksMax = looksMax;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > looksMax) {
            throw new OutOfBounds(
                    "a regular expression looks at more than %d characters; does it repeat a"
                                    .formatted(looksMax)
                            + " repetition?");
        }
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
