package io.millrace.producer;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.ProducedBatch;
import io.millrace.log.StoredBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The producers of one partition: their sequence numbers, epochs and transactions, as Kafka has
/// them (KIP-98, KIP-890).
///
/// Asked before a batch is appended ([#duplicateOf], [#check]), told afterwards ([#appended],
/// [#ended]), and told the same again from the log at a start. What is appended counts at once,
/// stored or not: whatever is not stored in the end ends the partition until the next start. Owned
/// by the partition's shard, except [#aborted].
public final class Producers {
    /// Says that no transaction is open.
    public static final long NONE = Long.MAX_VALUE;

    private final Map<Long, ProducerState> known = new HashMap<>();

    /// Open transactions by their first offsets.
    private final TreeMap<Long, ProducerState> open = new TreeMap<>();

    /// Transactions that have ended with a marker that is not stored yet: first offset and marker.
    private final TreeMap<Long, Long> ending = new TreeMap<>();

    private final AbortedTransactions aborted = new AbortedTransactions();

    /// Rises with every change.
    private long version;

    /// What can be told of one.
    ///
    /// @param lastSequence -1 if it has stored nothing
    /// @param transactionStart first offset of its open transaction, or -1
    public record Known(
            long id,
            short epoch,
            int lastSequence,
            long lastMillis,
            int coordinatorEpoch,
            long transactionStart) {}

    /// Whether a batch may be appended.
    ///
    /// @return the offset of the same batch, if it is here already; -1 if it is to be appended
    /// @throws MillraceException SEQUENCE_INVALID, PRODUCER_FENCED, TRANSACTION_INVALID
    public long duplicateOf(ProducedBatch batch) {
        long id = batch.producerId();
        if (id < 0) {
            if (batch.isTransactional()) {
                throw new MillraceException(
                        ErrorCode.TRANSACTION_INVALID,
                        "a batch of a transaction must have a producer's id");
            }
            return -1;
        }
        if (batch.baseSequence() < 0) {
            throw new MillraceException(
                    ErrorCode.SEQUENCE_INVALID,
                    "the producer %d sent a batch without a sequence number".formatted(id));
        }
        ProducerState state = known.get(id);
        return state == null ? -1 : duplicateOf(batch, state);
    }

    private static long duplicateOf(ProducedBatch batch, ProducerState state) {
        int sequence = batch.baseSequence();
        if (batch.producerEpoch() == state.epoch) {
            long offset = state.known(sequence, batch.count());
            if (offset >= 0) {
                return offset;
            }
        }
        requireEpoch(batch.producerEpoch(), state);
        int expected = batch.producerEpoch() == state.epoch ? state.nextSequence() : 0;
        if (sequence != expected) {
            throw new MillraceException(
                    ErrorCode.SEQUENCE_INVALID,
                    "the producer %d sent the sequence number %d, and %d comes next"
                            .formatted(state.id, sequence, expected));
        }
        if (state.transactionStart >= 0 && !batch.isTransactional()) {
            throw new MillraceException(
                    ErrorCode.TRANSACTION_INVALID,
                    "the producer %d has a transaction open and sent a batch outside of it"
                            .formatted(state.id));
        }
        return -1;
    }

    private static void requireEpoch(short epoch, ProducerState state) {
        if (epoch < state.epoch) {
            throw new MillraceException(
                    ErrorCode.PRODUCER_FENCED,
                    "the producer %d has the epoch %d, and one with the epoch %d wrote here"
                            .formatted(state.id, epoch, state.epoch));
        }
    }

    /// What was known of a producer before a batch of it was appended.
    ///
    /// @param state `null` if nothing was
    public record Before(long producerId, @Nullable ProducerState state) {
        private static final Before ANYBODY = new Before(-1, null);
    }

    /// What is known of the producer of a batch that is about to be appended, outside of
    /// transactions.
    public Before before(ProducedBatch batch) {
        long id = batch.producerId();
        if (id < 0) {
            return Before.ANYBODY;
        }
        ProducerState state = known.get(id);
        return new Before(id, state == null ? null : new ProducerState(state));
    }

    /// The batch was not appended after all, nor any that came behind it.
    public void restore(Before before) {
        ProducerState state = before.state();
        if (state != null) {
            known.put(before.producerId(), state);
        } else if (before.producerId() >= 0) {
            known.remove(before.producerId());
        }
        version++;
    }

    /// A batch was appended.
    public void appended(ProducedBatch batch, long baseOffset, long nowMillis) {
        if (batch.producerId() >= 0) {
            ProducerState state = state(batch.producerId(), batch.producerEpoch(), nowMillis);
            state.add(batch.baseSequence(), batch.count(), baseOffset);
            if (batch.isTransactional()) {
                begun(state, baseOffset);
            }
        }
    }

    private ProducerState state(long id, short epoch, long nowMillis) {
        ProducerState state = known.computeIfAbsent(id, _ -> new ProducerState(id, epoch));
        state.epoch(epoch);
        state.lastMillis = nowMillis;
        version++;
        return state;
    }

    private void begun(ProducerState state, long offset) {
        if (state.transactionStart < 0) {
            state.transactionStart = offset;
            open.put(offset, state);
        }
    }

    /// Whether a transaction may end so; also one of which nothing is known here.
    ///
    /// @throws MillraceException PRODUCER_FENCED, TRANSACTION_INVALID if another coordinator has
    ///   taken over
    public void check(TransactionEnd end) {
        ProducerState state = known.get(end.producerId());
        if (state == null) {
            return;
        }
        requireEpoch(end.producerEpoch(), state);
        if (end.coordinatorEpoch() < state.coordinatorEpoch) {
            throw new MillraceException(
                    ErrorCode.TRANSACTION_INVALID,
                    "the coordinator of the producer %d has the epoch %d, and one with the epoch %d took over"
                            .formatted(state.id, end.coordinatorEpoch(), state.coordinatorEpoch));
        }
    }

    /// The marker of a transaction was appended.
    public void ended(TransactionEnd end, long offset, long nowMillis) {
        ProducerState state = state(end.producerId(), end.producerEpoch(), nowMillis);
        state.coordinatorEpoch = end.coordinatorEpoch();
        long start = state.transactionStart;
        if (start >= 0) {
            state.transactionStart = -1;
            open.remove(start);
            ending.put(start, offset);
            if (!end.isCommit()) {
                long stable = open.isEmpty() ? offset + 1 : open.firstKey();
                aborted.add(state.id, start, offset, stable);
            }
        }
    }

    /// The batch that says how a transaction ends.
    public static ProducedBatch marker(TransactionEnd end, long nowMillis) {
        return MarkerBatch.of(end, nowMillis);
    }

    /// Everything below is stored.
    public void stored(long offset) {
        if (!ending.isEmpty()) {
            ending.values().removeIf(marker -> marker < offset);
        }
    }

    /// The first offset of which it is not decided, or not stored, what becomes of it; [#NONE] if
    /// there is none.
    public long undecided() {
        long first = open.isEmpty() ? NONE : open.firstKey();
        return ending.isEmpty() ? first : Math.min(first, ending.firstKey());
    }

    /// The same if a batch of a transaction is appended next.
    public long undecidedWith(ProducedBatch batch, long offset) {
        return batch.isTransactional() ? Math.min(undecided(), offset) : undecided();
    }

    /// For readers of any thread.
    public AbortedTransactions aborted() {
        return aborted;
    }

    /// Everything that is known, by id.
    public List<Known> all() {
        List<Known> all = new ArrayList<>();
        for (ProducerState state : known.values()) {
            all.add(
                    new Known(
                            state.id,
                            state.epoch,
                            state.lastSequence(),
                            state.lastMillis,
                            state.coordinatorEpoch,
                            state.transactionStart));
        }
        all.sort(java.util.Comparator.comparingLong(Known::id));
        return all;
    }

    /// Forgets producers that have not been heard of since a time and have no transaction open, and
    /// what was aborted before the log's start.
    public void forget(long sinceMillis, long startOffset) {
        boolean changed =
                known.values()
                        .removeIf(state ->
                                state.transactionStart < 0 && state.lastMillis < sinceMillis);
        aborted.forgetBefore(startOffset);
        version += changed ? 1 : 0;
    }

    /// A stored batch was met in the log at a start.
    public void recover(StoredBatch batch, long nowMillis) {
        if (batch.producerId() < 0) {
            return;
        }
        StoredBatch.Marker marker = batch.marker();
        if (marker != null) {
            ended(
                    new TransactionEnd(
                            batch.producerId(),
                            batch.producerEpoch(),
                            marker.coordinatorEpoch(),
                            marker.isCommit()),
                    batch.baseOffset(),
                    nowMillis);
            return;
        }
        ProducerState state = state(batch.producerId(), batch.producerEpoch(), nowMillis);
        int count = (int) (batch.endOffset() - batch.baseOffset());
        state.add(batch.baseSequence(), count, batch.baseOffset());
        if (batch.isTransactional()) {
            begun(state, batch.baseOffset());
        }
    }

    /// Rises with every change that a snapshot would show.
    public long version() {
        return version;
    }

    boolean isEmpty() {
        return known.isEmpty() && aborted.size() == 0;
    }

    Iterable<ProducerState> states() {
        return known.values();
    }

    /// A producer from a snapshot.
    void restore(ProducerState state) {
        known.put(state.id, state);
        if (state.transactionStart >= 0) {
            open.put(state.transactionStart, state);
        }
    }

    @Nullable ProducerState find(long id) {
        return known.get(id);
    }
}
