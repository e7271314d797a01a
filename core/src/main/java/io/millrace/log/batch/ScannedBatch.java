package io.millrace.log.batch;

import io.millrace.log.StoredBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The batch on which a scanner stands.
public final class ScannedBatch implements StoredBatch {
    private static final int MARKER_KEY_BYTES = 4;
    private static final int MARKER_VALUE_BYTES = 6;
    private static final int COMMIT = 1;

    private final BatchScanner scanner;
    private @Nullable Marker marker;

    public ScannedBatch(BatchScanner scanner) {
        this.scanner = scanner;
    }

    /// Notes that the scanner has found another batch.
    ///
    /// @return false if it is a marker that cannot be read
    public boolean moved() throws IOException {
        marker = null;
        if (!BatchFormat.isControl(scanner.bytes(), scanner.start())) {
            return true;
        }
        if (!scanner.load() || BatchFormat.recordCount(scanner.bytes(), scanner.start()) == 0) {
            return false;
        }
        byte[] bytes = scanner.bytes();
        RecordView view = new RecordView(bytes);
        view.moveTo(scanner.start() + BatchFormat.HEADER_BYTES, 0, 0);
        if (view.keyBytes() < MARKER_KEY_BYTES || view.valueBytes() < MARKER_VALUE_BYTES) {
            return false;
        }
        // Each begins with a version of two bytes.
        int type = BatchFormat.shortAt(bytes, view.keyAt() + Short.BYTES);
        int epoch = BatchFormat.intAt(bytes, view.valueAt() + Short.BYTES);
        marker = new Marker(type == COMMIT, epoch);
        return true;
    }

    @Override
    public long baseOffset() {
        return scanner.baseOffset();
    }

    @Override
    public long endOffset() {
        return scanner.endOffset();
    }

    @Override
    public long producerId() {
        return BatchFormat.producerId(scanner.bytes(), scanner.start());
    }

    @Override
    public short producerEpoch() {
        return BatchFormat.producerEpoch(scanner.bytes(), scanner.start());
    }

    @Override
    public int baseSequence() {
        return BatchFormat.baseSequence(scanner.bytes(), scanner.start());
    }

    @Override
    public long maxTimestampMillis() {
        return scanner.maxTimestamp();
    }

    @Override
    public boolean isTransactional() {
        return BatchFormat.isTransactional(scanner.bytes(), scanner.start());
    }

    @Override
    public @Nullable Marker marker() {
        return marker;
    }
}
