package io.millrace.log.segment;

import java.util.Arrays;

/// Where batches begin in one segment, one entry for every 4 KiB or so.
///
/// An entry says: the batch at this position ends with this offset, and no record up to its end is
/// later than this time. The writer adds; any thread may look things up beside it, and sees at
/// least the entries that were added before what it knows of the log was published.
public final class SparseIndex {
    public static final int INTERVAL_BYTES = 4096;

    /// Offsets relative to the segment's base, with the position in the lower half.
    private long[] places;

    private long[] times;
    private int nextAt = INTERVAL_BYTES;
    private volatile int count;

    public SparseIndex() {
        places = new long[16];
        times = new long[16];
    }

    /// Notes a batch if enough bytes have passed since the last one noted.
    public void offer(int position, int lastOffsetDelta, long maxTimestamp) {
        if (position >= nextAt) {
            add(position, lastOffsetDelta, maxTimestamp);
        }
    }

    public void add(int position, int lastOffsetDelta, long maxTimestamp) {
        int n = count;
        if (n == places.length) {
            places = Arrays.copyOf(places, n * 2);
            times = Arrays.copyOf(times, n * 2);
        }
        places[n] = (long) lastOffsetDelta << 32 | position;
        times[n] = maxTimestamp;
        nextAt = position + INTERVAL_BYTES;
        count = n + 1;
    }

    public int count() {
        return count;
    }

    public int position(int entry) {
        return (int) places[entry];
    }

    public int lastOffsetDelta(int entry) {
        return (int) (places[entry] >> 32);
    }

    public long time(int entry) {
        return times[entry];
    }

    /// The last entry whose batch ends at or before the offset; -1 if none is that early.
    public int floorEntry(long offsetDelta) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lastOffsetDelta(middle) <= offsetDelta) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /// The position of a batch that begins at or before the batch with the offset; 0 if no entry is
    /// that early.
    public int floorPosition(long offsetDelta) {
        int entry = floorEntry(offsetDelta);
        return entry < 0 ? 0 : position(entry);
    }

    /// The position of a batch at or before the first batch that reaches the time.
    public int floorPositionOfTime(long timestampMillis) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < timestampMillis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : position(low - 1);
    }

    /// Memory given back once nothing is added any more.
    public void trim() {
        places = Arrays.copyOf(places, Math.max(1, count));
        times = Arrays.copyOf(times, Math.max(1, count));
    }
}
