package io.millrace.gateway.kafka.transaction;

import java.util.SortedSet;
import java.util.TreeSet;

/// All that is known of one transactional id, as it is kept on disk. Immutable.
///
/// @param producer who may write, or whose markers are being written
/// @param previous the identity that [#producer] replaced at that producer's own request; whoever
///   asks with it again did not get the answer. None if another producer took over
/// @param next who may write once the markers are written; the producer itself unless its epochs
///   are used up
/// @param timeoutMillis how long a transaction may take
/// @param partitions that have records of the transaction, or may have
/// @param hasOffsets whether offsets of a group belong to the transaction
/// @param startMillis when the transaction began, since 1970; -1 if there was none
/// @param updateMillis when something changed last, since 1970
record Transaction(
        String id,
        ProducerIdentity producer,
        ProducerIdentity previous,
        ProducerIdentity next,
        int timeoutMillis,
        TransactionState state,
        SortedSet<PartitionName> partitions,
        boolean hasOffsets,
        long startMillis,
        long updateMillis) {

    /// A producer that has just come.
    static Transaction empty(
            String id,
            ProducerIdentity producer,
            ProducerIdentity previous,
            int timeoutMillis,
            long nowMillis) {
        return new Transaction(
                id,
                producer,
                previous,
                producer,
                timeoutMillis,
                TransactionState.EMPTY,
                new TreeSet<>(),
                false,
                -1,
                nowMillis);
    }

    /// Who may write as soon as nothing stands in the way.
    ProducerIdentity current() {
        return state.isPrepared() ? next : producer;
    }

    /// With more that belongs to it; begun if it was not.
    Transaction joined(SortedSet<PartitionName> more, boolean offsets, long nowMillis) {
        boolean begins = state != TransactionState.ONGOING;
        SortedSet<PartitionName> all = new TreeSet<>(partitions);
        all.addAll(more);
        return new Transaction(
                id,
                producer,
                ProducerIdentity.NONE,
                producer,
                timeoutMillis,
                TransactionState.ONGOING,
                all,
                hasOffsets || offsets,
                begins ? nowMillis : startMillis,
                nowMillis);
    }

    /// With its outcome decided.
    ///
    /// @param marking the identity in the markers
    Transaction prepared(
            boolean isCommit,
            ProducerIdentity marking,
            ProducerIdentity replaced,
            ProducerIdentity following,
            long nowMillis) {
        return new Transaction(
                id,
                marking,
                replaced,
                following,
                timeoutMillis,
                isCommit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT,
                partitions,
                hasOffsets,
                startMillis,
                nowMillis);
    }

    /// With its outcome known everywhere.
    Transaction completed(long nowMillis) {
        return new Transaction(
                id,
                next,
                previous,
                next,
                timeoutMillis,
                state == TransactionState.PREPARE_COMMIT
                        ? TransactionState.COMPLETE_COMMIT
                        : TransactionState.COMPLETE_ABORT,
                new TreeSet<>(),
                false,
                startMillis,
                nowMillis);
    }
}
