package io.millrace.gateway.kafka.transaction;

import org.jspecify.annotations.Nullable;

/// Where a transaction stands.
enum TransactionState {
    /// None has been begun since the producer came.
    EMPTY((byte) 0, "Empty"),
    ONGOING((byte) 1, "Ongoing"),
    /// It is decided that everything counts; not every partition knows.
    PREPARE_COMMIT((byte) 2, "PrepareCommit"),
    /// It is decided that nothing counts; not every partition knows.
    PREPARE_ABORT((byte) 3, "PrepareAbort"),
    COMPLETE_COMMIT((byte) 4, "CompleteCommit"),
    COMPLETE_ABORT((byte) 5, "CompleteAbort");

    private final byte number;
    private final String protocolName;

    TransactionState(byte number, String protocolName) {
        this.number = number;
        this.protocolName = protocolName;
    }

    /// As it is stored; stable.
    byte number() {
        return number;
    }

    /// As Kafka's tools show it.
    String protocolName() {
        return protocolName;
    }

    static @Nullable TransactionState of(byte number) {
        for (TransactionState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        return null;
    }

    static @Nullable TransactionState of(String protocolName) {
        for (TransactionState state : values()) {
            if (state.protocolName.equals(protocolName)) {
                return state;
            }
        }
        return null;
    }

    /// Whether the outcome is decided and is being told to the partitions.
    boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /// Whether everything is told, or there is nothing to tell.
    boolean isAtRest() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }
}
