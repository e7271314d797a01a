package io.millrace.cli.text;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them.
public final class Quantity {
    private Quantity() {}

    /// A count, such as `20,560`.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// A size in bytes, such as `12.3 MiB`.
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = -1;
        while (size >= 1024 && unit < 4) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", size, "KMGTP".charAt(unit));
    }

    /// A duration to the second, such as `1h 02m 03s`; below a minute to a tenth of one.
    public static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return "%dm %02ds".formatted(seconds / 60, seconds % 60);
        }
        return "%dh %02dm %02ds".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
