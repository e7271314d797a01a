package io.millrace.shard;

import io.millrace.log.Log;
import io.millrace.log.ProducedBatch;
import io.millrace.producer.Producers;
import io.millrace.producer.TransactionEnd;

/// What producers write to one partition: batches as they are, and how transactions end. Owned by
/// the shard's thread.
final class Production {
    private final Log log;
    private final Producers producers;
    private long hidden = Producers.NONE;

    /// Takes over what was recovered.
    Production(Log log, Producers producers) {
        this.log = log;
        this.producers = producers;
        log.leaveOut(producers.aborted());
        hide(producers.undecided());
    }

    Producers producers() {
        return producers;
    }

    /// Writes a batch or a marker, unless the batch is here already.
    ///
    /// @return whether it was written
    /// @throws io.millrace.error.MillraceException if it may not be, or the disk refuses
    boolean write(Append append, long nowMillis) {
        TransactionEnd end = append.transactionEnd();
        ProducedBatch batch = append.batch();
        if (end != null) {
            producers.check(end);
            long offset = log.append(Producers.marker(end, nowMillis));
            producers.ended(end, offset, nowMillis);
            append.placed(offset, nowMillis);
            return true;
        }
        if (batch == null) {
            throw new IllegalArgumentException("this is no producer's");
        }
        long known = producers.duplicateOf(batch);
        if (known >= 0) {
            append.known(known);
            return false;
        }
        // Before its records can be seen.
        hide(producers.undecidedWith(batch, log.endOffset()));
        try {
            long offset = log.append(batch);
            producers.appended(batch, offset, nowMillis);
            append.placed(offset, batch.maxTimestampMillis());
        } finally {
            hide(producers.undecided());
        }
        return true;
    }

    /// Everything below is stored: transactions that have ended there are decided.
    void stored(long offset) {
        producers.stored(offset);
        hide(producers.undecided());
    }

    /// What is undecided is not to be dropped either: it may become readable yet.
    private void hide(long offset) {
        if (offset != hidden) {
            hidden = offset;
            log.keepFrom(offset);
            log.hideFrom(offset);
        }
    }
}
