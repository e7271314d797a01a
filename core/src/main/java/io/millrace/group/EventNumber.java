package io.millrace.group;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of one event among those of a group: `events-0-17`, its stream, partition and offset;
/// or `4-17` where it lies in a partition of the group's own, as jobs do, and dead letters that
/// were sent to one subscription again.
///
/// @param stream `null` for the group's own partitions
public record EventNumber(@Nullable String stream, int partition, long offset) {
    private static final Pattern NUMBER =
            Pattern.compile("(?:(.{1,200})-)?(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,17})");

    /// @return `null` if the text is none
    public static @Nullable EventNumber parse(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.matches()
                ? new EventNumber(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Long.parseLong(matcher.group(3)))
                : null;
    }

    @Override
    public String toString() {
        return (stream == null ? "" : stream + "-") + partition + "-" + offset;
    }
}
