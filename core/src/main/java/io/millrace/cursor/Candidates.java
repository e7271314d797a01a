package io.millrace.cursor;

/// What a cursor may take from its partition: the offsets in order that its interest covers.
public interface Candidates {
    /// The next wanted offset at or behind `from`, or -1 if there is none to be had now.
    long next(long from);

    /// Hash of the key of the offset that [#next] gave last; 0 if it has none.
    long key();

    /// When the offset that [#next] gave last may be given out at the earliest, in milliseconds
    /// since 1970; 0 for at once.
    long dueMillis();

    /// Everything below was looked at, or was never there.
    long scannedTo();

    /// How many offsets [#next] has looked at and not given, until now.
    long filtered();
}
