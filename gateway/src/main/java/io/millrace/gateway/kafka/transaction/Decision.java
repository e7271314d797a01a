package io.millrace.gateway.kafka.transaction;

import org.apache.kafka.common.protocol.Errors;

/// What follows from a command.
sealed interface Decision {
    /// Nothing changes.
    record Refused(Errors error) implements Decision {}

    /// Nothing changes, for it is so already.
    ///
    /// @param producer with which the producer goes on
    record Settled(ProducerIdentity producer) implements Decision {}

    /// An outcome is being told to the partitions: ask again afterwards.
    record Wait() implements Decision {}

    /// It takes a producer id that nobody has had.
    record NeedsProducerId() implements Decision {}

    /// @param producer with which the producer goes on once the change is on disk
    record Change(Transaction next, ProducerIdentity producer) implements Decision {}

    /// An unfinished transaction of a predecessor is aborted first: ask again afterwards.
    record ChangeAndWait(Transaction next) implements Decision {}
}
