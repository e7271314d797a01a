package io.millrace.cli.replay;

import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Quantity;
import java.io.PrintStream;
import java.time.Duration;

/// Shows on standard error how far a replay has come: a bar on a terminal, else a line now and
/// then.
///
/// Not thread-safe.
final class Progress {
    private static final long BAR_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int BAR_WIDTH = 24;
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final Surroundings surroundings;
    private final boolean terminal;
    private final long total;
    private final long startNanos;
    private long startRow;
    private long startByte;
    private long shownNanos;
    private boolean barShown;

    /// @param total the input's size in bytes
    Progress(Surroundings surroundings, long total) {
        this.surroundings = surroundings;
        this.terminal = surroundings.console().terminals().err();
        this.total = total;
        this.startNanos = surroundings.time().nanoTime();
        this.shownNanos = startNanos;
    }

    /// Says where the run begins: what was done before is not part of its rate.
    void begin(long row, long bytes) {
        startRow = row;
        startByte = bytes;
    }

    /// Shows that everything up to a row is stored, if it is time to.
    ///
    /// @param row the row's number
    /// @param bytes the offset behind it
    void at(long row, long bytes) {
        long now = surroundings.time().nanoTime();
        if (now - shownNanos < (terminal ? BAR_NANOS : LINE_NANOS)) {
            return;
        }
        shownNanos = now;
        PrintStream err = surroundings.console().err();
        String text = text(row, bytes, now);
        if (terminal) {
            int filled = (int) (BAR_WIDTH * fraction(bytes));
            String bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
            err.print(ERASE_LINE + surroundings.errStyle().cyan(bar) + " " + text);
            err.flush();
            barShown = true;
        } else {
            err.println(text);
        }
    }

    private String text(long row, long bytes, long now) {
        double seconds = Math.max(1e-9, (now - startNanos) / 1e9);
        double bytesPerSecond = (bytes - startByte) / seconds;
        String left =
                bytesPerSecond > 0
                        ? Quantity.duration(
                                Duration.ofMillis((long) (1000 * (total - bytes) / bytesPerSecond)))
                        : "?";
        return "%s rows  %3.0f%%  %s rows/s  %s left"
                .formatted(
                        Quantity.count(row),
                        100 * fraction(bytes),
                        Quantity.count((long) ((row - startRow) / seconds)),
                        left);
    }

    private double fraction(long bytes) {
        return total == 0 ? 1 : Math.min(1, (double) bytes / total);
    }

    /// Makes room for another line.
    void clear() {
        if (barShown) {
            surroundings.console().err().print(ERASE_LINE);
            surroundings.console().err().flush();
            barShown = false;
        }
    }

    /// How long the run has taken so far.
    Duration elapsed() {
        return Duration.ofNanos(surroundings.time().nanoTime() - startNanos);
    }
}
