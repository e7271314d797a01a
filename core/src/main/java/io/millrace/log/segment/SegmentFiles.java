package io.millrace.log.segment;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The names of a log's files: Kafka's, so that its tools read them.
public final class SegmentFiles {
    public static final String LOG = ".log";
    public static final String INDEX = ".index";
    public static final String TIME_INDEX = ".timeindex";
    public static final String CLEANED = ".cleaned";
    public static final String SWAP = ".swap";

    private static final int DIGITS = 20;

    private SegmentFiles() {}

    public static Path path(Path folder, long baseOffset, String suffix) {
        return folder.resolve(digits(baseOffset) + suffix);
    }

    public static String digits(long offset) {
        String number = Long.toString(offset);
        return "0".repeat(DIGITS - number.length()) + number;
    }

    /// The base offset in a file name with that suffix, or `null` if it is not one.
    public static @Nullable Long baseOffset(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return null;
        }
        try {
            return Long.parseLong(name, 0, DIGITS, 10);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
