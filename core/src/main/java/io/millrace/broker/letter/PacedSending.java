package io.millrace.broker.letter;

import io.millrace.broker.letter.LetterSender.Edit;
import io.millrace.error.MillraceException;
import io.millrace.letter.KeptLetter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request whose letters are sent at a rate or after a delay, a few each time it is asked. Owned
/// by one thread.
public final class PacedSending {
    private static final Logger LOG = LoggerFactory.getLogger(PacedSending.class);
    private static final double NANOS = 1e9;

    private final LetterRun run;
    private final Edit edit;
    private final LetterTally tally = new LetterTally();

    /// Between two letters; 0 without a rate.
    private final double periodNanos;

    private long dueNanos;

    /// @param perSecond `null` for as fast as it goes
    /// @param dueNanos when to begin
    public PacedSending(LetterRun run, Edit edit, @Nullable Double perSecond, long dueNanos) {
        this.run = run;
        this.edit = edit;
        this.periodNanos = perSecond == null ? 0 : NANOS / perSecond;
        this.dueNanos = dueNanos;
    }

    /// Sends what is due, at most some.
    ///
    /// @return whether there is more to come
    public boolean send(LetterSender sender, long nowNanos, int max) {
        int count = due(nowNanos, max);
        if (count == 0) {
            return true;
        }
        List<KeptLetter> letters;
        try {
            letters = run.next(count, tally);
        } catch (MillraceException e) {
            LOG.warn(
                    "Sending dead letters again has stopped, and the rest stays: {}; before: {}",
                    e.getMessage(),
                    tally);
            return false;
        }
        sender.send(letters, edit, tally);
        dueNanos += (long) (letters.size() * periodNanos);
        if (run.isOver()) {
            LOG.info("Sending dead letters again has ended: {}", tally);
            return false;
        }
        return true;
    }

    private int due(long nowNanos, int max) {
        long late = nowNanos - dueNanos;
        if (late < 0) {
            return 0;
        }
        if (periodNanos == 0) {
            return max;
        }
        if (late > NANOS) {
            // What was missed in more than a second is not made up for.
            dueNanos = nowNanos - (long) NANOS;
            late = (long) NANOS;
        }
        return (int) Math.min(max, 1 + (long) (late / periodNanos));
    }
}
