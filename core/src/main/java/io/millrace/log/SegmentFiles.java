package io.millrace.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The names of a log's files: Kafka's, so that its tools read them.
final class SegmentFiles {
    static final String LOG = ".log";
    static final String INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String CLEANED = ".cleaned";
    static final String SWAP = ".swap";

    private static final int DIGITS = 20;

    private SegmentFiles() {}

    static Path path(Path folder, long baseOffset, String suffix) {
        return folder.resolve(digits(baseOffset) + suffix);
    }

    static String digits(long offset) {
        String number = Long.toString(offset);
        return "0".repeat(DIGITS - number.length()) + number;
    }

    /// The base offset in a file name with that suffix, or `null` if it is not one.
    static @Nullable Long baseOffset(String name, String suffix) {
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
