package io.millrace.producer;

import io.millrace.log.AbortedBatches;
import io.millrace.log.AbortedTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The aborted transactions of one partition, in the order of their markers. The shard adds and
/// forgets; everyone reads.
public final class AbortedTransactions implements AbortedBatches {
    private static final int FIELDS = 4;
    private static final int PRODUCER = 0;
    private static final int FIRST = 1;
    private static final int MARKER = 2;
    private static final int STABLE = 3;

    private volatile Table table = new Table(new long[FIELDS * 4], 0);

    /// What a reader sees: of the array, which only grows behind that, so many entries.
    private record Table(long[] fields, int size) {
        long at(int entry, int field) {
            return fields[entry * FIELDS + field];
        }

        /// The first entry whose marker is at or behind an offset.
        int from(long offset) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (at(middle, MARKER) < offset) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /// @param marker offset of the marker; rises
    /// @param stable no transaction that ends later begins before it
    void add(long producerId, long first, long marker, long stable) {
        Table known = table;
        int at = known.size * FIELDS;
        long[] fields =
                at == known.fields.length ? Arrays.copyOf(known.fields, at * 2) : known.fields;
        fields[at + PRODUCER] = producerId;
        fields[at + FIRST] = first;
        fields[at + MARKER] = marker;
        fields[at + STABLE] = stable;
        table = new Table(fields, known.size + 1);
    }

    /// Forgets those that lie before an offset as a whole.
    void forgetBefore(long offset) {
        Table known = table;
        int from = known.from(offset);
        // Not for a few: forgetting copies the rest.
        if (from > 16 && from * 2 > known.size) {
            long[] rest =
                    Arrays.copyOfRange(known.fields, from * FIELDS, known.size * FIELDS + FIELDS);
            table = new Table(rest, known.size - from);
        }
    }

    @Override
    public boolean isAborted(long producerId, long baseOffset) {
        Table known = table;
        for (int i = known.from(baseOffset); i < known.size; i++) {
            if (known.at(i, PRODUCER) == producerId && known.at(i, FIRST) <= baseOffset) {
                return true;
            }
            if (known.at(i, STABLE) > baseOffset) {
                return false;
            }
        }
        return false;
    }

    /// Those that have batches from one offset to another, exclusive; by their first offsets.
    public List<AbortedTransaction> between(long from, long to) {
        Table known = table;
        List<AbortedTransaction> found = new ArrayList<>();
        for (int i = known.from(from); i < known.size; i++) {
            if (known.at(i, FIRST) < to) {
                found.add(new AbortedTransaction(known.at(i, PRODUCER), known.at(i, FIRST)));
            }
            if (known.at(i, STABLE) >= to) {
                break;
            }
        }
        found.sort(java.util.Comparator.comparingLong(AbortedTransaction::firstOffset));
        return found;
    }

    int size() {
        return table.size;
    }

    /// Visits all, with the four numbers of [#add].
    void forEach(Visitor visitor) {
        Table known = table;
        for (int i = 0; i < known.size; i++) {
            visitor.aborted(
                    known.at(i, PRODUCER),
                    known.at(i, FIRST),
                    known.at(i, MARKER),
                    known.at(i, STABLE));
        }
    }

    /// Gets what [#add] was given.
    interface Visitor {
        void aborted(long producerId, long first, long marker, long stable);
    }
}
