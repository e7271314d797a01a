package io.millrace.log.batch;

import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
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

    @Override
    public boolean isEmpty() {
        return from == to;
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
        int at = batch + BatchFormat.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            at = view.moveTo(at, baseOffset, baseTimestamp);
            if (view.offset() >= offsetMin) {
                each.accept(view);
            }
        }
    }
}
