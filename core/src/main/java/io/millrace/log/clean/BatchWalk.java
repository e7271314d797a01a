package io.millrace.log.clean;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.segment.OpenFile;
import io.millrace.log.segment.Segment;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks over the batches of sealed segments, with one file open at a time. Not thread-safe.
final class BatchWalk implements AutoCloseable {
    private final Iterator<Segment> segments;
    private @Nullable Segment segment;
    private @Nullable OpenFile open;
    private @Nullable BatchScanner scanner;

    BatchWalk(List<Segment> segments) {
        this.segments = segments.iterator();
    }

    /// Moves to the next batch.
    ///
    /// @return the scanner that stands on it, or `null` behind the last
    /// @throws MillraceException PARTITION_CORRUPT where there is no sound batch
    @Nullable BatchScanner next() throws IOException {
        while (true) {
            BatchScanner now = scanner;
            Segment at = segment;
            if (now == null || at == null) {
                if (!segments.hasNext()) {
                    return null;
                }
                begin(segments.next());
            } else {
                now.step();
                switch (now.look(at.baseOffset())) {
                    case BATCH -> {
                        return now;
                    }
                    case END -> close();
                    case DAMAGE ->
                            throw new MillraceException(
                                    ErrorCode.PARTITION_CORRUPT,
                                    "The log is not compacted, because %s is damaged at position %d."
                                            .formatted(at.path(), now.position()));
                }
            }
        }
    }

    private void begin(Segment next) throws IOException {
        OpenFile file = next.open();
        segment = next;
        open = file;
        scanner = new BatchScanner(file.file(), 0, next.bytes());
    }

    @Override
    public void close() {
        OpenFile file = open;
        open = null;
        segment = null;
        scanner = null;
        if (file != null) {
            try {
                file.leave();
            } catch (IOException _) {
                // It was only read.
            }
        }
    }
}
