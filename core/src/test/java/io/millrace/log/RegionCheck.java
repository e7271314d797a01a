package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.batch.BatchFormat;

/// What a region has to be like.
///
/// @param from the offset that was asked for
/// @param limit where it had to end, at the latest
record RegionCheck(long from, long limit, int bytesMax, boolean isCompacted) {
    void check(byte[] bytes, long endOffset) {
        if (from < limit && !isCompacted) {
            assertThat(bytes).as("region from %d to %d", from, limit).isNotEmpty();
        }
        int at = 0;
        long expected = -1;
        while (at + BatchFormat.HEADER_BYTES <= bytes.length
                && at + BatchFormat.size(bytes, at) <= bytes.length) {
            assertThat(BatchFormat.crcMatches(bytes, at)).as("CRC in a region").isTrue();
            long base = BatchFormat.baseOffset(bytes, at);
            long end = BatchFormat.endOffset(bytes, at);
            assertThat(end).isGreaterThan(from).isLessThanOrEqualTo(limit);
            if (!isCompacted) {
                assertThat(base).isEqualTo(expected < 0 ? Math.min(base, from) : expected);
            }
            expected = end;
            at += BatchFormat.size(bytes, at);
        }
        assertThat(at > 0 || bytes.length == 0).as("a whole batch at first").isTrue();
        assertThat(endOffset).as("the end of a region").isLessThanOrEqualTo(limit);
        if (endOffset > 0 && !isCompacted && at > 0) {
            assertThat(at).as("all of the last batch").isEqualTo(bytes.length);
            assertThat(expected).as("where a region ends").isEqualTo(endOffset);
        }
        if (at > 0 && bytes.length > BatchFormat.size(bytes, 0)) {
            assertThat(bytes.length).isLessThanOrEqualTo(bytesMax);
        }
    }
}
