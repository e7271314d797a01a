package io.millrace.log.segment;

/// Where the latest appends ended, so that whoever reads at the end of a log finds the place
/// without looking at the disk. Forgets at will.
///
/// The writer notes; any thread looks up. A mark is immutable and is published by its final fields,
/// so a race finds an old mark or a new one, never half of one.
public final class RecentMarks {
    private static final int SLOTS = 64;
    private static final int SHIFT = Long.SIZE - 6;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Mark[] marks = new Mark[SLOTS];

    /// @param first where the log ends now
    public RecentMarks(Mark first) {
        note(first);
    }

    public void note(Mark mark) {
        marks[slot(mark.offset())] = mark;
    }

    /// The position in a segment at which the batch with this base offset begins or will begin; -1
    /// if that is not known.
    public int position(long segmentBase, long offset) {
        Mark mark = marks[slot(offset)];
        boolean isIt = mark != null && mark.offset() == offset && mark.segmentBase() == segmentBase;
        return isIt ? mark.position() : -1;
    }

    private static int slot(long offset) {
        return (int) ((offset * SPREAD) >>> SHIFT);
    }
}
