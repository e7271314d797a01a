package io.millrace.producer;

/// What is known of one producer in one partition. Owned by the partition's shard.
final class ProducerState {
    /// So many of the latest batches are recognised when they come again: as many as a producer may
    /// have under way.
    static final int BATCHES_MAX = 5;

    static final int NO_SEQUENCE = -1;

    final long id;
    short epoch;
    int coordinatorEpoch = -1;
    long lastMillis;

    /// The first offset of the open transaction, or -1.
    long transactionStart = -1;

    /// The latest batches of this epoch, the oldest first.
    private final int[] firstSequences = new int[BATCHES_MAX];

    private final int[] counts = new int[BATCHES_MAX];
    private final long[] offsets = new long[BATCHES_MAX];
    private int batches;

    ProducerState(long id, short epoch) {
        this.id = id;
        this.epoch = epoch;
    }

    /// The same at this time.
    ProducerState(ProducerState other) {
        this(other.id, other.epoch);
        coordinatorEpoch = other.coordinatorEpoch;
        lastMillis = other.lastMillis;
        transactionStart = other.transactionStart;
        batches = other.batches;
        System.arraycopy(other.firstSequences, 0, firstSequences, 0, batches);
        System.arraycopy(other.counts, 0, counts, 0, batches);
        System.arraycopy(other.offsets, 0, offsets, 0, batches);
    }

    /// A later instance of the producer begins to count anew.
    void epoch(short changed) {
        if (changed != epoch) {
            epoch = changed;
            batches = 0;
        }
    }

    int batches() {
        return batches;
    }

    int firstSequence(int i) {
        return firstSequences[i];
    }

    int count(int i) {
        return counts[i];
    }

    long offset(int i) {
        return offsets[i];
    }

    /// The sequence number of its last record, or [#NO_SEQUENCE].
    int lastSequence() {
        return batches == 0 ? NO_SEQUENCE : last(firstSequences[batches - 1], counts[batches - 1]);
    }

    /// The number of a batch's last record; behind the largest comes 0.
    private static int last(int firstSequence, int count) {
        return (int) ((firstSequence + count - 1L) & Integer.MAX_VALUE);
    }

    /// The number that has to come next.
    int nextSequence() {
        int last = lastSequence();
        return last == Integer.MAX_VALUE ? 0 : last + 1;
    }

    /// The offset of a batch that is here already, or -1.
    long known(int firstSequence, int count) {
        for (int i = batches - 1; i >= 0; i--) {
            if (firstSequences[i] == firstSequence && counts[i] == count) {
                return offsets[i];
            }
        }
        return -1;
    }

    void add(int firstSequence, int count, long offset) {
        if (batches == BATCHES_MAX) {
            int rest = BATCHES_MAX - 1;
            System.arraycopy(firstSequences, 1, firstSequences, 0, rest);
            System.arraycopy(counts, 1, counts, 0, rest);
            System.arraycopy(offsets, 1, offsets, 0, rest);
            batches = rest;
        }
        firstSequences[batches] = firstSequence;
        counts[batches] = count;
        offsets[batches] = offset;
        batches++;
    }
}
