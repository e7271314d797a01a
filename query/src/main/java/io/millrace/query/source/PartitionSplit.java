package io.millrace.query.source;

import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/// A partition, and how far it has been read. Immutable.
///
/// @param feed the partition, as `Feed.id` has it
/// @param offset the next to be read
/// @param endOffset where it ends, exclusive; [#ENDLESS] for never
/// @param clock `null` before the first event
public record PartitionSplit(
        String feed, long offset, long endOffset, EventClock.@Nullable State clock, Tally tally)
        implements SourceSplit {
    public static final long ENDLESS = Long.MAX_VALUE;

    /// What has become of the events so far; input is the sum.
    public record Tally(long counted, long corrected, long late, long invalid) {
        static final Tally NONE = new Tally(0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    counted + other.counted,
                    corrected + other.corrected,
                    late + other.late,
                    invalid + other.invalid);
        }
    }

    public PartitionSplit(String feed, long offset, long endOffset) {
        this(feed, offset, endOffset, null, Tally.NONE);
    }

    @Override
    public String splitId() {
        return feed;
    }
}
