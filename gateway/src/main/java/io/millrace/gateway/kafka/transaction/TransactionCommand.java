package io.millrace.gateway.kafka.transaction;

import java.util.SortedSet;

/// What is asked of one transactional id.
sealed interface TransactionCommand {
    /// A producer comes, or wants a new epoch.
    ///
    /// @param expected the identity that it has; none if it is new
    record Initialize(int timeoutMillis, ProducerIdentity expected) implements TransactionCommand {}

    /// Partitions or the offsets of a group are to belong to the transaction, which begins if there
    /// is none.
    record Join(ProducerIdentity producer, SortedSet<PartitionName> partitions, boolean hasOffsets)
            implements TransactionCommand {}

    /// Whether all these belong to the transaction.
    record Verify(
            ProducerIdentity producer, SortedSet<PartitionName> partitions, boolean hasOffsets)
            implements TransactionCommand {}

    /// The producer decides.
    ///
    /// @param bumpsEpoch whether the producer goes on with a higher epoch (KIP-890), so that what
    ///   is late cannot get into its next transaction
    record End(ProducerIdentity producer, boolean isCommit, boolean bumpsEpoch)
            implements TransactionCommand {}

    /// The transaction may have taken too long.
    record TimeOut() implements TransactionCommand {}
}
