package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.log.Log;
import io.millrace.log.ProducedBatch;
import io.millrace.producer.Producers;
import io.millrace.producer.TransactionEnd;
import java.util.ArrayList;
import java.util.List;

/// What producers write to one partition: batches as they are, and how transactions end. Owned by
/// the shard's thread.
///
/// Batches outside of transactions that have come together are written together. What they change
/// of what is known of their producers counts at once, as the next of them is checked against it,
/// and is put back if the write fails.
final class Production {
    private final Log log;
    private final Producers producers;
    private long hidden = Producers.NONE;

    /// Checked and not written: appends, their batches, what was known before each.
    private final List<Append> gathered = new ArrayList<>();

    private final List<ProducedBatch> batches = new ArrayList<>();
    private final List<Producers.Before> before = new ArrayList<>();
    private long gatheredEnd;

    /// Hears what became of each append, in their order.
    interface Results {
        void written(Append append);

        /// It had been stored, or at least written, before.
        void known(Append append);

        void failed(Append append, MillraceException problem);
    }

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

    /// Writes a batch or a marker, now or with those that come next until [#writeGathered], unless
    /// the batch is here already.
    void write(Append append, long nowMillis, Results results) {
        ProducedBatch batch = append.batch();
        if (batch == null || batch.isTransactional() || !gather(append, batch, nowMillis)) {
            writeGathered(results);
            writeAlone(append, nowMillis, results);
        }
    }

    /// @return whether it is to be written with others; if not, it is known or may not be written
    private boolean gather(Append append, ProducedBatch batch, long nowMillis) {
        try {
            if (producers.duplicateOf(batch) >= 0) {
                return false;
            }
        } catch (MillraceException _) {
            // It is found again, and told, when those before it have been written.
            return false;
        }
        if (gathered.isEmpty()) {
            gatheredEnd = log.endOffset();
        }
        before.add(producers.before(batch));
        producers.appended(batch, gatheredEnd, nowMillis);
        append.placed(gatheredEnd, batch.maxTimestampMillis());
        gatheredEnd += batch.count();
        gathered.add(append);
        batches.add(batch);
        return true;
    }

    /// Writes what has been gathered.
    void writeGathered(Results results) {
        int done = 0;
        try {
            while (done < gathered.size()) {
                int count = log.append(batches.subList(done, batches.size()));
                for (int i = done; i < done + count; i++) {
                    results.written(gathered.get(i));
                }
                done += count;
            }
        } catch (MillraceException e) {
            for (int i = gathered.size() - 1; i >= done; i--) {
                producers.restore(before.get(i));
            }
            for (int i = done; i < gathered.size(); i++) {
                results.failed(gathered.get(i), e);
            }
        } finally {
            gathered.clear();
            batches.clear();
            before.clear();
        }
    }

    private void writeAlone(Append append, long nowMillis, Results results) {
        try {
            if (write(append, nowMillis)) {
                results.written(append);
            } else {
                results.known(append);
            }
        } catch (MillraceException e) {
            results.failed(append, e);
        }
    }

    /// @return whether it was written
    private boolean write(Append append, long nowMillis) {
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
