package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.transaction.Decision.Change;
import io.millrace.gateway.kafka.transaction.Decision.ChangeAndWait;
import io.millrace.gateway.kafka.transaction.Decision.NeedsProducerId;
import io.millrace.gateway.kafka.transaction.Decision.Refused;
import io.millrace.gateway.kafka.transaction.Decision.Settled;
import io.millrace.gateway.kafka.transaction.Decision.Wait;
import io.millrace.gateway.kafka.transaction.TransactionCommand.End;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Initialize;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.TimeOut;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import java.util.SortedSet;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The state machine of one transactional id: a function of what is known, the command and the
/// time.
///
/// It is Kafka's (KIP-98, KIP-360, KIP-890) with one difference: a producer that asks for a new
/// epoch with an identity that is not the current one cannot abort the transaction of the one who
/// fenced it.
final class TransactionRules {
    private TransactionRules() {}

    /// No fresh producer id is at hand.
    static final long NO_FRESH_ID = -1;

    /// @param known `null` if nobody has used the transactional id, or not for long
    /// @param freshId a producer id that nobody has had, used only when [NeedsProducerId] was the
    ///   answer before; [#NO_FRESH_ID] if there is none
    static Decision decide(
            String id,
            @Nullable Transaction known,
            TransactionCommand command,
            long freshId,
            long nowMillis) {
        if (command instanceof Initialize initialize) {
            return known == null
                    ? firstOf(id, initialize, freshId, nowMillis)
                    : initialize(known, initialize, freshId, nowMillis);
        }
        if (known == null) {
            return new Refused(Errors.INVALID_PRODUCER_ID_MAPPING);
        }
        return switch (command) {
            case Initialize _ -> throw new IllegalStateException("handled above");
            case Join join -> join(known, join, nowMillis);
            case Verify verify -> verify(known, verify);
            case End end -> end(known, end, freshId, nowMillis);
            case TimeOut _ -> timeOut(known, nowMillis);
        };
    }

    private static Decision firstOf(String id, Initialize command, long freshId, long nowMillis) {
        if (freshId == NO_FRESH_ID) {
            return new NeedsProducerId();
        }
        ProducerIdentity first = ProducerIdentity.first(freshId);
        return new Change(
                Transaction.empty(
                        id, first, command.expected(), command.timeoutMillis(), nowMillis),
                first);
    }

    private static Decision initialize(
            Transaction known, Initialize command, long freshId, long nowMillis) {
        ProducerIdentity expected = command.expected();
        boolean isAgain = !expected.isNone() && expected.equals(known.previous());
        if (!expected.isNone() && !isAgain && !expected.equals(known.current())) {
            return new Refused(Errors.PRODUCER_FENCED);
        }
        return switch (known.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> new Wait();
            case ONGOING -> new ChangeAndWait(fenced(known, expected, nowMillis));
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> {
                if (isAgain && known.producer().epoch() <= ProducerIdentity.EPOCH_MAX) {
                    yield new Settled(known.producer());
                }
                if (known.producer().isExhausted() && freshId == NO_FRESH_ID) {
                    yield new NeedsProducerId();
                }
                ProducerIdentity next = successor(known.producer(), freshId);
                yield new Change(
                        Transaction.empty(
                                known.id(), next, expected, command.timeoutMillis(), nowMillis),
                        next);
            }
        };
    }

    private static ProducerIdentity successor(ProducerIdentity producer, long freshId) {
        return producer.isExhausted() ? ProducerIdentity.first(freshId) : producer.bumped();
    }

    /// Aborted under a higher epoch that nobody has been given yet.
    private static Transaction fenced(
            Transaction known, ProducerIdentity replaced, long nowMillis) {
        ProducerIdentity higher = known.producer().bumped();
        return known.prepared(false, higher, replaced, higher, nowMillis);
    }

    private static Decision join(Transaction known, Join command, long nowMillis) {
        Errors stranger = stranger(known, command.producer());
        if (stranger != Errors.NONE) {
            return new Refused(stranger);
        }
        return switch (known.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> new Wait();
            case ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT ->
                    holds(known, command.partitions(), command.hasOffsets())
                            ? new Settled(command.producer())
                            : new Change(
                                    known.joined(
                                            command.partitions(), command.hasOffsets(), nowMillis),
                                    command.producer());
        };
    }

    private static boolean holds(
            Transaction known, SortedSet<PartitionName> partitions, boolean offsets) {
        return known.state() == TransactionState.ONGOING
                && known.partitions().containsAll(partitions)
                && (known.hasOffsets() || !offsets);
    }

    private static Decision verify(Transaction known, Verify command) {
        Errors stranger = stranger(known, command.producer());
        if (stranger != Errors.NONE) {
            return new Refused(stranger);
        }
        return switch (known.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> new Wait();
            case ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT ->
                    holds(known, command.partitions(), command.hasOffsets())
                            ? new Settled(command.producer())
                            : new Refused(Errors.TRANSACTION_ABORTABLE);
        };
    }

    /// Why a producer may not do anything; none if it may.
    private static Errors stranger(Transaction known, ProducerIdentity producer) {
        if (producer.producerId() != known.current().producerId()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        boolean isCurrent = producer.equals(known.current());
        // No producer is ever given an epoch above the maximum: it is a fence.
        return isCurrent && producer.epoch() <= ProducerIdentity.EPOCH_MAX
                ? Errors.NONE
                : Errors.PRODUCER_FENCED;
    }

    private static Decision end(Transaction known, End command, long freshId, long nowMillis) {
        if (isEndedBy(known, command)) {
            return isOutcome(known, command.isCommit())
                    ? new Settled(known.current())
                    : new Refused(Errors.INVALID_TXN_STATE);
        }
        Errors stranger = stranger(known, command.producer());
        if (stranger != Errors.NONE) {
            return new Refused(stranger);
        }
        return switch (known.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> new Wait();
            case ONGOING -> {
                if (!command.bumpsEpoch()) {
                    yield new Change(
                            known.prepared(
                                    command.isCommit(),
                                    known.producer(),
                                    known.previous(),
                                    known.producer(),
                                    nowMillis),
                            known.producer());
                }
                if (known.producer().isExhausted() && freshId == NO_FRESH_ID) {
                    yield new NeedsProducerId();
                }
                Transaction next = bumped(known, command.isCommit(), freshId, nowMillis);
                yield new Change(next, next.current());
            }
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> {
                // A producer that bumps its epoch at each end does not know whether the first of
                // its records had begun a transaction; it may abort what never was.
                if (command.isCommit() || !command.bumpsEpoch()) {
                    yield new Refused(Errors.INVALID_TXN_STATE);
                }
                if (known.producer().isExhausted() && freshId == NO_FRESH_ID) {
                    yield new NeedsProducerId();
                }
                Transaction next = bumped(known, false, freshId, nowMillis).completed(nowMillis);
                yield new Change(next, next.current());
            }
        };
    }

    private static Transaction bumped(
            Transaction known, boolean isCommit, long freshId, long nowMillis) {
        ProducerIdentity ending = known.producer();
        return known.prepared(
                isCommit, ending.bumped(), ending, successor(ending, freshId), nowMillis);
    }

    /// Whether it is this very command that ended the last transaction, asked again because the
    /// answer was lost.
    private static boolean isEndedBy(Transaction known, End command) {
        if (known.state() == TransactionState.EMPTY || known.state() == TransactionState.ONGOING) {
            return false;
        }
        return command.bumpsEpoch()
                ? command.producer().equals(known.previous())
                : command.producer().equals(known.producer())
                        && stranger(known, command.producer()) == Errors.NONE;
    }

    private static boolean isOutcome(Transaction known, boolean isCommit) {
        boolean committed =
                known.state() == TransactionState.PREPARE_COMMIT
                        || known.state() == TransactionState.COMPLETE_COMMIT;
        return committed == isCommit;
    }

    private static Decision timeOut(Transaction known, long nowMillis) {
        boolean late =
                known.state() == TransactionState.ONGOING
                        && nowMillis - known.startMillis() >= known.timeoutMillis();
        return late
                ? new Change(fenced(known, ProducerIdentity.NONE, nowMillis), ProducerIdentity.NONE)
                : new Settled(known.current());
    }
}
