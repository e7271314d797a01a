package io.millrace.cli.process;

import io.millrace.cli.text.Quantity;
import java.io.PrintStream;
import java.time.Duration;

/// Shows on standard error how many of a known number are done: in place on a terminal, else as a
/// line now and then.
///
/// Not thread-safe.
public final class CountProgress {
    private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final Surroundings surroundings;
    private final boolean terminal;
    private final String what;
    private final long total;
    private long shownNanos;
    private boolean shown;

    /// @param what stands before the numbers, such as `sent again`
    public CountProgress(Surroundings surroundings, String what, long total) {
        this.surroundings = surroundings;
        this.terminal = surroundings.console().terminals().err();
        this.what = what;
        this.total = total;
        this.shownNanos = surroundings.time().nanoTime();
    }

    /// Shows how many are done, if it is time to.
    public void at(long done) {
        long now = surroundings.time().nanoTime();
        if (now - shownNanos < (terminal ? TERMINAL_NANOS : LINE_NANOS)) {
            return;
        }
        shownNanos = now;
        String text = what + " " + Quantity.count(done) + " of " + Quantity.count(total);
        PrintStream err = surroundings.console().err();
        if (terminal) {
            err.print(ERASE_LINE + surroundings.errStyle().cyan(text));
            err.flush();
            shown = true;
        } else {
            err.println(text);
        }
    }

    /// Makes room for another line.
    public void clear() {
        if (shown) {
            surroundings.console().err().print(ERASE_LINE);
            surroundings.console().err().flush();
            shown = false;
        }
    }
}
