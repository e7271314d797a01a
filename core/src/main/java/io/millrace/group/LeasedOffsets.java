package io.millrace.group;

import java.util.List;

/// Offsets of one partition that were leased together to a consumer that reads the records itself.
///
/// @param partition of the stream, or the lane of the queue
/// @param runs from the smallest offset on
/// @param deadlineMillis when the leases end, since 1970-01-01T00:00Z
public record LeasedOffsets(int partition, List<Run> runs, long deadlineMillis) {
    public LeasedOffsets {
        runs = List.copyOf(runs);
    }

    /// Offsets without a gap that have the same number of deliveries.
    ///
    /// @param last inclusive
    /// @param deliveries how often they were given out, this time included
    /// @param number of this delivery; proves, with the offset, that the consumer was given it
    public record Run(long first, long last, int deliveries, long number) {}

    /// How many offsets these are.
    public long count() {
        long sum = 0;
        for (Run run : runs) {
            sum += run.last - run.first + 1;
        }
        return sum;
    }
}
