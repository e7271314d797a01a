package io.millrace.producer;

import io.millrace.error.ErrorCode;
import io.millrace.log.StoredBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says what is right by looking at everything that was ever written.
final class ProducerModel {
    final List<Entry> log = new ArrayList<>();

    /// A batch or a marker in the log.
    record Entry(
            long baseOffset,
            long endOffset,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean isTransactional,
            @Nullable Marker marker)
            implements StoredBatch {
        @Override
        public long maxTimestampMillis() {
            return 0;
        }

        int count() {
            return (int) (endOffset - baseOffset);
        }
    }

    /// What a batch is to be answered with: an old offset, an error, or neither.
    record Answer(long known, @Nullable ErrorCode refused) {}

    long end() {
        return log.isEmpty() ? 0 : log.getLast().endOffset;
    }

    Answer answer(Entry batch) {
        List<Entry> own = log.stream().filter(e -> e.producerId == batch.producerId).toList();
        if (own.isEmpty()) {
            return new Answer(-1, null);
        }
        short epoch = own.getLast().producerEpoch;
        List<Entry> run =
                own.stream().filter(e -> e.producerEpoch == epoch && e.marker == null).toList();
        if (batch.producerEpoch == epoch) {
            for (Entry known : run.subList(Math.max(0, run.size() - 5), run.size())) {
                if (known.baseSequence == batch.baseSequence && known.count() == batch.count()) {
                    return new Answer(known.baseOffset, null);
                }
            }
        }
        if (batch.producerEpoch < epoch) {
            return new Answer(-1, ErrorCode.PRODUCER_FENCED);
        }
        long expected = 0;
        if (batch.producerEpoch == epoch && !run.isEmpty()) {
            Entry last = run.getLast();
            expected = ((long) last.baseSequence + last.count()) % (1L << 31);
        }
        if (batch.baseSequence != expected) {
            return new Answer(-1, ErrorCode.SEQUENCE_INVALID);
        }
        boolean isOpen = openSince(batch.producerId) >= 0;
        return new Answer(
                -1, isOpen && !batch.isTransactional ? ErrorCode.TRANSACTION_INVALID : null);
    }

    /// The first offset of a producer's open transaction, or -1.
    long openSince(long producer) {
        long since = -1;
        for (Entry entry : log) {
            if (entry.producerId == producer) {
                if (entry.marker != null) {
                    since = -1;
                } else if (entry.isTransactional && since < 0) {
                    since = entry.baseOffset;
                }
            }
        }
        return since;
    }

    long undecided(int producers) {
        long first = Producers.NONE;
        for (int id = 0; id < producers; id++) {
            long since = openSince(id);
            first = since < 0 ? first : Math.min(first, since);
        }
        return first;
    }

    boolean isAborted(Entry batch) {
        if (!batch.isTransactional || batch.marker != null) {
            return false;
        }
        for (Entry entry : log) {
            if (entry.producerId == batch.producerId
                    && entry.baseOffset > batch.baseOffset
                    && entry.marker != null) {
                return !entry.marker.isCommit();
            }
        }
        return false;
    }
}
