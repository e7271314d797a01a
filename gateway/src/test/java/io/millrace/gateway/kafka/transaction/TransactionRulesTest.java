package io.millrace.gateway.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionRulesTest {
    private static final ProducerIdentity NONE = ProducerIdentity.NONE;
    private static final short LAST = ProducerIdentity.EPOCH_MAX;

    private @Nullable Transaction known;
    private long now = 1_000;

    private Decision ask(TransactionCommand command) {
        return ask(command, TransactionRules.NO_FRESH_ID);
    }

    private Decision ask(TransactionCommand command, long freshId) {
        Decision decision = TransactionRules.decide("id", known, command, freshId, now);
        switch (decision) {
            case Change change -> known = change.next();
            case ChangeAndWait change -> known = change.next();
            case Refused _, Settled _, Wait _, NeedsProducerId _ -> {}
        }
        return decision;
    }

    private ProducerIdentity go(TransactionCommand command) {
        return went(ask(command));
    }

    private static ProducerIdentity went(Decision decision) {
        return switch (decision) {
            case Change change -> change.producer();
            case Settled settled -> settled.producer();
            case Refused _, Wait _, NeedsProducerId _, ChangeAndWait _ ->
                    throw new AssertionError("expected to go on, was " + decision);
        };
    }

    private ProducerIdentity newProducer() {
        assertThat(ask(initialize(NONE))).isEqualTo(new NeedsProducerId());
        return went(ask(initialize(NONE), 7));
    }

    private static ProducerIdentity producer(long id, int epoch) {
        return new ProducerIdentity(id, (short) epoch);
    }

    private static Initialize initialize(ProducerIdentity expected) {
        return new Initialize(60_000, expected);
    }

    private static TreeSet<PartitionName> partitions(int... numbers) {
        TreeSet<PartitionName> partitions = new TreeSet<>();
        for (int number : numbers) {
            partitions.add(new PartitionName("t", number));
        }
        return partitions;
    }

    private static Join join(ProducerIdentity producer, int... numbers) {
        return new Join(producer, partitions(numbers), false);
    }

    private Transaction now() {
        return Objects.requireNonNull(known);
    }

    private void complete() {
        known = now().completed(now);
    }

    private static Refused refused(Errors error) {
        return new Refused(error);
    }

    @Test
    void aTransactionBeginsWithItsFirstPartitionAndEndsWithAll() {
        ProducerIdentity producer = newProducer();
        assertThat(producer).isEqualTo(producer(7, 0));
        assertThat(go(join(producer, 1))).isEqualTo(producer);
        now = 2_000;
        assertThat(go(join(producer, 2))).isEqualTo(producer);
        assertThat(now().startMillis()).isEqualTo(1_000);
        assertThat(now().partitions()).isEqualTo(partitions(1, 2));
        assertThat(ask(join(producer, 1))).isEqualTo(new Settled(producer));

        assertThat(go(new End(producer, true, false))).isEqualTo(producer);
        assertThat(now().state()).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(ask(join(producer, 1))).isEqualTo(new Wait());
        complete();
        assertThat(now().state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
        assertThat(now().partitions()).isEmpty();
    }

    @Test
    void anEndAskedAgainIsAnsweredAsBefore() {
        ProducerIdentity producer = newProducer();
        go(join(producer, 1));
        go(new End(producer, false, false));
        assertThat(ask(new End(producer, false, false))).isEqualTo(new Settled(producer));
        assertThat(ask(new End(producer, true, false)))
                .isEqualTo(refused(Errors.INVALID_TXN_STATE));
        complete();
        assertThat(ask(new End(producer, false, false))).isEqualTo(new Settled(producer));
        assertThat(ask(new End(producer, true, false)))
                .isEqualTo(refused(Errors.INVALID_TXN_STATE));
    }

    @Test
    void withVersionTwoEachEndRaisesTheEpoch() {
        ProducerIdentity first = newProducer();
        go(join(first, 1));
        ProducerIdentity second = go(new End(first, true, true));
        assertThat(second).isEqualTo(producer(7, 1));
        assertThat(now().producer()).as("in the markers").isEqualTo(second);
        assertThat(ask(new End(first, true, true))).isEqualTo(new Settled(second));
        assertThat(ask(new End(first, false, true))).isEqualTo(refused(Errors.INVALID_TXN_STATE));
        assertThat(ask(join(second, 1))).isEqualTo(new Wait());
        complete();
        assertThat(ask(new End(first, true, true))).isEqualTo(new Settled(second));
        assertThat(ask(join(first, 1))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(go(join(second, 1))).isEqualTo(second);
        assertThat(ask(new End(first, true, true)))
                .as("after the next has begun")
                .isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void withVersionTwoWhatNeverBeganCanBeAborted() {
        ProducerIdentity first = newProducer();
        assertThat(ask(new End(first, true, true))).isEqualTo(refused(Errors.INVALID_TXN_STATE));
        ProducerIdentity second = go(new End(first, false, true));
        assertThat(second).isEqualTo(producer(7, 1));
        assertThat(now().state()).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(ask(new End(first, false, true))).isEqualTo(new Settled(second));
        assertThat(ask(new End(second, false, false)))
                .as("an end in the old way of what was ended")
                .isEqualTo(new Settled(second));
    }

    @Test
    void aNewProducerFencesTheOldOne() {
        ProducerIdentity old = newProducer();
        ProducerIdentity young = go(initialize(NONE));
        assertThat(young).isEqualTo(producer(7, 1));
        assertThat(ask(join(old, 1))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(new End(old, false, false))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(initialize(old))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(new Verify(old, partitions(1), false)))
                .isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(join(producer(8, 0), 1)))
                .isEqualTo(refused(Errors.INVALID_PRODUCER_ID_MAPPING));
    }

    @Test
    void theTransactionOfAPredecessorIsAbortedFirst() {
        ProducerIdentity old = newProducer();
        go(join(old, 1));
        assertThat(ask(initialize(NONE))).isInstanceOf(ChangeAndWait.class);
        assertThat(now().state()).isEqualTo(TransactionState.PREPARE_ABORT);
        assertThat(now().producer()).as("in the markers").isEqualTo(producer(7, 1));
        assertThat(ask(initialize(NONE))).isEqualTo(new Wait());
        assertThat(ask(new End(old, true, false))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        complete();
        assertThat(go(initialize(NONE))).isEqualTo(producer(7, 2));
    }

    @Test
    void aFencedProducerCannotAbortTheTransactionOfItsSuccessor() {
        ProducerIdentity old = newProducer();
        ProducerIdentity young = go(initialize(NONE));
        go(join(young, 1));
        assertThat(ask(initialize(old))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(now().state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void aProducerGetsANewEpochOnceForTheSameRequest() {
        ProducerIdentity first = newProducer();
        ProducerIdentity second = go(initialize(first));
        assertThat(second).isEqualTo(producer(7, 1));
        assertThat(ask(initialize(first))).isEqualTo(new Settled(second));
        go(initialize(NONE));
        assertThat(ask(initialize(first))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(initialize(second))).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void aProducerThatAbortsItselfByANewEpochGetsIt() {
        ProducerIdentity first = newProducer();
        go(join(first, 1));
        assertThat(ask(initialize(first))).isInstanceOf(ChangeAndWait.class);
        complete();
        assertThat(ask(initialize(first))).isEqualTo(new Settled(producer(7, 1)));
    }

    @Test
    void aProducerOfAForgottenIdGetsAnother() {
        ProducerIdentity forgotten = producer(3, 9);
        assertThat(ask(join(forgotten, 1))).isEqualTo(refused(Errors.INVALID_PRODUCER_ID_MAPPING));
        assertThat(went(ask(initialize(forgotten), 7))).isEqualTo(producer(7, 0));
        assertThat(ask(initialize(forgotten)))
                .as("asked again")
                .isEqualTo(new Settled(producer(7, 0)));
    }

    @Test
    void whenEpochsAreUsedUpThereIsANewProducerId() {
        newProducer();
        known = Transaction.empty("id", producer(7, LAST), NONE, 60_000, now);
        assertThat(ask(initialize(NONE))).isEqualTo(new NeedsProducerId());
        assertThat(went(ask(initialize(NONE), 8))).isEqualTo(producer(8, 0));
    }

    @Test
    void aTransactionWithTheLastEpochEndsInANewProducerId() {
        ProducerIdentity last = producer(7, LAST);
        known = Transaction.empty("id", last, NONE, 60_000, now);
        go(join(last, 1));
        assertThat(ask(new End(last, true, true))).isEqualTo(new NeedsProducerId());
        ProducerIdentity next = went(ask(new End(last, true, true), 8));
        assertThat(next).isEqualTo(producer(8, 0));
        assertThat(now().producer()).as("in the markers").isEqualTo(producer(7, LAST + 1));
        assertThat(ask(join(next, 1))).isEqualTo(new Wait());
        assertThat(ask(new End(last, true, true))).isEqualTo(new Settled(next));
        complete();
        assertThat(ask(new End(last, true, true))).isEqualTo(new Settled(next));
        assertThat(go(join(next, 1))).isEqualTo(next);
    }

    @Test
    void theFenceItselfIsGivenToNobody() {
        ProducerIdentity last = producer(7, LAST);
        known = Transaction.empty("id", last, NONE, 60_000, now);
        go(join(last, 1));
        ask(initialize(last));
        complete();
        assertThat(now().producer()).isEqualTo(producer(7, LAST + 1));
        assertThat(ask(join(producer(7, LAST + 1), 1))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(initialize(last))).isEqualTo(new NeedsProducerId());
        assertThat(went(ask(initialize(last), 8))).isEqualTo(producer(8, 0));
    }

    @Test
    void whatTakesTooLongIsAborted() {
        ProducerIdentity producer = newProducer();
        go(join(producer, 1));
        now += 59_999;
        assertThat(ask(new TimeOut())).isInstanceOf(Settled.class);
        now += 1;
        assertThat(ask(new TimeOut())).isInstanceOf(Change.class);
        assertThat(now().state()).isEqualTo(TransactionState.PREPARE_ABORT);
        complete();
        assertThat(ask(new End(producer, true, false))).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(ask(initialize(producer))).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void onlyWhatBelongsToTheTransactionIsVerified() {
        ProducerIdentity producer = newProducer();
        assertThat(ask(new Verify(producer, partitions(1), false)))
                .isEqualTo(refused(Errors.TRANSACTION_ABORTABLE));
        go(join(producer, 1));
        assertThat(ask(new Verify(producer, partitions(1), false)))
                .isEqualTo(new Settled(producer));
        assertThat(ask(new Verify(producer, partitions(1, 2), false)))
                .isEqualTo(refused(Errors.TRANSACTION_ABORTABLE));
        assertThat(ask(new Verify(producer, partitions(), true)))
                .isEqualTo(refused(Errors.TRANSACTION_ABORTABLE));
        go(new Join(producer, partitions(), true));
        assertThat(ask(new Verify(producer, partitions(), true))).isEqualTo(new Settled(producer));
        go(new End(producer, true, false));
        assertThat(ask(new Verify(producer, partitions(1), false))).isEqualTo(new Wait());
    }

    @Test
    void whatIsStoredIsReadAgain() {
        for (TransactionState state : TransactionState.values()) {
            Transaction transaction =
                    new Transaction(
                            "id ü",
                            producer(Long.MAX_VALUE, LAST),
                            producer(-1, -1),
                            producer(8, 0),
                            Integer.MAX_VALUE,
                            state,
                            partitions(0, 255),
                            true,
                            -1,
                            now);
            assertThat(TransactionCodec.decode("id ü", TransactionCodec.encode(transaction)))
                    .isEqualTo(transaction);
        }
        assertThat(List.of(TransactionState.values())).hasSize(6);
    }
}
