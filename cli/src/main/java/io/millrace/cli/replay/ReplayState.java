package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How far a replay has come, and what it was a replay of.
///
/// @param input the file as it was
/// @param options the options that shape events, and the server
/// @param acknowledged the last row that the server has stored, and all before it; 0 for none
/// @param shift how much later than in the file the events' times are
record ReplayState(
        InputFile input, SortedMap<String, String> options, long acknowledged, Duration shift) {

    /// Nothing done yet.
    static ReplayState begin(InputFile input, Map<String, String> options) {
        return new ReplayState(input, new TreeMap<>(options), 0, Duration.ZERO);
    }

    ReplayState withAcknowledged(long row) {
        return new ReplayState(input, options, row, shift);
    }

    ReplayState withShift(Duration to) {
        return new ReplayState(input, options, acknowledged, to);
    }

    /// Refuses to go on if the file or the options are not what they were.
    ///
    /// @param now what a new replay would begin with
    /// @param where the state file, as the user knows it
    void requireSame(ReplayState now, String where) {
        if (!input.equals(now.input)) {
            throw CommandFailure.usage(
                    ("The file has changed since its replay began (%d bytes, modified %s; now %d bytes, modified %s), "
                                    + "so that the %d rows that were published may not be its first ones. "
                                    + "--restart begins anew; --state keeps another state than %s.")
                            .formatted(
                                    input.size(),
                                    input.modified(),
                                    now.input.size(),
                                    now.input.modified(),
                                    acknowledged,
                                    where));
        }
        SortedMap<String, String> all = new TreeMap<>(options);
        all.putAll(now.options);
        for (String option : all.keySet()) {
            String before = options.getOrDefault(option, "not given");
            String after = now.options.getOrDefault(option, "not given");
            if (!before.equals(after)) {
                throw CommandFailure.usage(
                        ("%s was %s when the replay began and is %s now, after %d rows. Give it as it was; "
                                        + "--restart begins anew; --state keeps another state than %s.")
                                .formatted(option, before, after, acknowledged, where));
            }
        }
    }
}
