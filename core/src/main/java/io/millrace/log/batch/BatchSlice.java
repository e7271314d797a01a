package io.millrace.log.batch;

import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;

/// Checked, uncompressed batches that follow each other in one array.
///
/// @param from where the first batch begins
/// @param to where the last ends
/// @param offsetMin records before it are not handed over
/// @param nextOffset the offset to read from next
public record BatchSlice(byte[] bytes, int from, int to, long offsetMin, long nextOffset)
        implements LogSlice {
    private static final byte[] NOTHING = {};

    public static BatchSlice empty(long nextOffset) {
        return new BatchSlice(NOTHING, 0, 0, nextOffset, nextOffset);
    }

    /// The same with all batches uncompressed, as far as they do not become too large: at least
    /// one, and no more after so many bytes. Batches that are left out stay as they are.
    public BatchSlice uncompressed(int bytesMax) {
        ByteArrayOutputStream target = new ByteArrayOutputStream((to - from) * 2);
        int batch = from;
        do {
            boolean isAsItIs =
                    BatchFormat.isControl(bytes, batch)
                            || BatchFormat.compression(bytes, batch) == Compression.NONE;
            int size = BatchFormat.size(bytes, batch);
            if (isAsItIs) {
                target.write(bytes, batch, size);
            } else {
                target.writeBytes(Compression.uncompressed(bytes, batch));
            }
            batch += size;
        } while (batch < to && target.size() < bytesMax);
        long next = batch < to ? BatchFormat.baseOffset(bytes, batch) : nextOffset;
        byte[] all = target.toByteArray();
        return new BatchSlice(all, 0, all.length, offsetMin, next);
    }

    @Override
    public boolean isEmpty() {
        return from == to;
    }

    @Override
    public byte[] batches() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @Override
    public void forEach(Consumer<? super LogRecord> each) {
        RecordView view = new RecordView(bytes);
        for (int batch = from; batch < to; batch += BatchFormat.size(bytes, batch)) {
            if (!BatchFormat.isControl(bytes, batch)) {
                forEach(each, view, batch);
            }
        }
    }

    private void forEach(Consumer<? super LogRecord> each, RecordView view, int batch) {
        long baseOffset = BatchFormat.baseOffset(bytes, batch);
        long baseTimestamp = BatchFormat.baseTimestamp(bytes, batch);
        int count = BatchFormat.recordCount(bytes, batch);
        view.enter(baseOffset + BatchFormat.lastOffsetDelta(bytes, batch));
        int at = batch + BatchFormat.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            at = view.moveTo(at, baseOffset, baseTimestamp);
            if (view.offset() >= offsetMin) {
                each.accept(view);
            }
        }
    }
}
