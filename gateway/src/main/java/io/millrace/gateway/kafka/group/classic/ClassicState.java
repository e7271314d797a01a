package io.millrace.gateway.kafka.group.classic;

/// Where a classic group stands, with the names that Kafka's tools show.
public enum ClassicState {
    EMPTY("Empty"),
    /// Waits for its members to join.
    PREPARING_REBALANCE("PreparingRebalance"),
    /// Waits for what the leader shares out.
    COMPLETING_REBALANCE("CompletingRebalance"),
    STABLE("Stable");

    private final String shown;

    ClassicState(String shown) {
        this.shown = shown;
    }

    /// As Kafka's tools show it.
    public String shown() {
        return shown;
    }
}
