package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.Topics.TransactionMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a partition knows of producers and transactions, written down once more and simply.
final class SimulatedPartition {
    private final Map<Long, Short> epochs = new HashMap<>();
    private final Map<Long, List<String>> open = new TreeMap<>();

    /// How each transaction that has a record here ended here.
    private final Map<String, TreeSet<Boolean>> ends = new TreeMap<>();

    /// @return whether the partition takes it
    boolean append(ProducerIdentity producer, String transaction) {
        if (epochs.getOrDefault(producer.producerId(), (short) -1) > producer.epoch()) {
            return false;
        }
        epochs.put(producer.producerId(), producer.epoch());
        open.computeIfAbsent(producer.producerId(), _ -> new ArrayList<>()).add(transaction);
        return true;
    }

    /// @return `false` if a later epoch is known
    boolean mark(TransactionMarker marker) {
        if (epochs.getOrDefault(marker.producerId(), (short) -1) > marker.producerEpoch()) {
            return false;
        }
        epochs.put(marker.producerId(), marker.producerEpoch());
        List<String> ended = open.remove(marker.producerId());
        if (ended != null) {
            for (String transaction : ended) {
                ends.computeIfAbsent(transaction, _ -> new TreeSet<>()).add(marker.isCommit());
            }
        }
        return true;
    }

    boolean hasOpen() {
        return !open.isEmpty();
    }

    Map<String, TreeSet<Boolean>> ends() {
        return ends;
    }
}
