package io.millrace.broker.share;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.LeasedOffsets;
import io.millrace.log.Log;
import io.millrace.log.LogRegion;
import io.millrace.log.MemoryRegion;
import io.millrace.log.batch.BatchFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Finds the stored batches that hold certain offsets: where they lie side by side in one file, to
/// be sent from there, else collected in memory. Used once, by one thread.
final class StoredBatches {
    private static final int CHUNK_BYTES = 1 << 20;

    /// Batches without a wanted record that are read over before it is looked for anew.
    private static final int PASSED_MAX = 4;

    private final Log log;
    private final List<LeasedOffsets.Run> runs;
    private final long limit;
    private final List<Part> collected = new ArrayList<>();

    /// The first run that has an offset which was not found yet, and that offset.
    private int run;

    private long wanted;

    /// Some batches of a region.
    private static final class Part {
        final byte[] bytes;
        final int begin;
        final int size;

        Part(byte[] bytes, int begin, int size) {
            this.bytes = bytes;
            this.begin = begin;
            this.size = size;
        }
    }

    /// @param runs at least one, from the smallest offset on
    StoredBatches(Log log, List<LeasedOffsets.Run> runs) {
        this.log = log;
        this.runs = runs;
        this.wanted = runs.getFirst().first();
        this.limit = runs.getLast().last() + 1;
    }

    LogRegion find() {
        if (isOneRange()) {
            LogRegion region = log.region(wanted, Integer.MAX_VALUE, limit);
            if (region.endOffset() >= limit) {
                return region;
            }
            region.close();
        }
        return new MemoryRegion(collect(), limit);
    }

    private boolean isOneRange() {
        for (int i = 1; i < runs.size(); i++) {
            if (runs.get(i).first() > runs.get(i - 1).last() + 1) {
                return false;
            }
        }
        return true;
    }

    private byte[] collect() {
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
        Part first = collected.getFirst();
        if (collected.size() == 1 && first.size == first.bytes.length) {
            return first.bytes;
        }
        int size = 0;
        for (Part part : collected) {
            size += part.size;
        }
        byte[] all = new byte[size];
        int at = 0;
        for (Part part : collected) {
            System.arraycopy(part.bytes, part.begin, all, at, part.size);
            at += part.size;
        }
        return all;
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
            byte[] bytes = new byte[region.size()];
            region.read(ByteBuffer.wrap(bytes), 0);
            take(bytes);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DISK_READ_FAILED, "stored records cannot be read: " + e.getMessage());
        }
    }

    private void take(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
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
                add(array, begin, at);
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
        add(array, begin, at);
    }

    private void advance(long last) {
        while (run < runs.size() && runs.get(run).last() <= last) {
            run++;
        }
        if (run < runs.size()) {
            wanted = Math.max(runs.get(run).first(), last + 1);
        }
    }

    private void add(byte[] bytes, int begin, int end) {
        if (end > begin) {
            collected.add(new Part(bytes, begin, end - begin));
        }
    }
}
