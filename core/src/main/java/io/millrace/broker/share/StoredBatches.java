package io.millrace.broker.share;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.LeasedOffsets;
import io.millrace.log.Log;
import io.millrace.log.LogRegion;
import io.millrace.log.batch.BatchFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Collects the stored batches that hold certain offsets. Used once, by one thread.
final class StoredBatches {
    private static final int CHUNK_BYTES = 1 << 20;

    /// Batches without a wanted record that are read over before it is looked for anew.
    private static final int PASSED_MAX = 4;

    private final Log log;
    private final List<LeasedOffsets.Run> runs;
    private final long limit;
    private final List<ByteBuffer> collected = new ArrayList<>();

    /// The first run that has an offset which was not found yet, and that offset.
    private int run;

    private long wanted;

    /// @param runs at least one, from the smallest offset on
    StoredBatches(Log log, List<LeasedOffsets.Run> runs) {
        this.log = log;
        this.runs = runs;
        this.wanted = runs.getFirst().first();
        this.limit = runs.getLast().last() + 1;
    }

    byte[] collect() {
        while (run < runs.size()) {
            long before = wanted;
            read();
            if (run < runs.size() && wanted == before) {
                throw missing();
            }
        }
        return joined();
    }

    private byte[] joined() {
        ByteBuffer first = collected.getFirst();
        if (collected.size() == 1 && first.capacity() == first.array().length) {
            return first.array();
        }
        int size = 0;
        for (ByteBuffer part : collected) {
            size += part.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        collected.forEach(all::put);
        return all.array();
    }

    private MillraceException missing() {
        return new MillraceException(
                ErrorCode.OFFSET_OUT_OF_RANGE, "the record at offset " + wanted + " is gone");
    }

    private void read() {
        try (LogRegion region = log.region(wanted, CHUNK_BYTES, limit)) {
            if (region.size() == 0) {
                throw missing();
            }
            ByteBuffer bytes = ByteBuffer.allocate(region.size());
            region.read(bytes, 0);
            take(bytes.flip());
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DISK_READ_FAILED, "stored records cannot be read: " + e.getMessage());
        }
    }

    private void take(ByteBuffer bytes) {
        int passed = 0;
        int begin = 0;
        int at = 0;
        while (run < runs.size() && bytes.limit() - at >= BatchFormat.HEADER_BYTES) {
            int size = bytes.getInt(at + BatchFormat.LENGTH_AT) + BatchFormat.LENGTH_OVERHEAD;
            if (bytes.limit() - at < size) {
                break;
            }
            long last = bytes.getLong(at) + bytes.getInt(at + BatchFormat.LAST_OFFSET_DELTA_AT);
            if (last < wanted) {
                add(bytes, begin, at);
                begin = at + size;
                passed++;
                if (passed == PASSED_MAX) {
                    return;
                }
            } else {
                advance(last);
            }
            at += size;
        }
        add(bytes, begin, at);
    }

    private void advance(long last) {
        while (run < runs.size() && runs.get(run).last() <= last) {
            run++;
        }
        if (run < runs.size()) {
            wanted = Math.max(runs.get(run).first(), last + 1);
        }
    }

    private void add(ByteBuffer bytes, int begin, int end) {
        if (end > begin) {
            collected.add(bytes.slice(begin, end - begin));
        }
    }
}
