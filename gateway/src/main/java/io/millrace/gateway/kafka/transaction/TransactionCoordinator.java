package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.DurableTable;
import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.gateway.kafka.transaction.Decision.Change;
import io.millrace.gateway.kafka.transaction.Decision.ChangeAndWait;
import io.millrace.gateway.kafka.transaction.Decision.NeedsProducerId;
import io.millrace.gateway.kafka.transaction.Decision.Refused;
import io.millrace.gateway.kafka.transaction.Decision.Settled;
import io.millrace.gateway.kafka.transaction.Decision.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps all transactional ids. Commands of one id are done in their order, each when the one
/// before is on disk; those that come while an outcome is being told to the partitions wait for
/// that a moment.
///
/// [#submit], [#newProducerId] and [#view] are for any thread; the rest happens on the
/// coordinator's, and answers are given there.
final class TransactionCoordinator {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionCoordinator.class);
    private static final String PREFIX = "transaction/";
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration IDLE_SWEEP = Duration.ofHours(1);

    private final Markers markers;
    private final DurableTable table;
    private final Serial serial;
    private final TransactionLimits limits;
    private final ProducerIds producerIds;
    private final Map<String, Entry> entries = new HashMap<>();

    /// Those with a transaction that may take too long.
    private final Map<String, Entry> ongoing = new HashMap<>();

    private boolean isSweeping;
    private @Nullable TransactionalOffsets offsets;

    /// What became of a command.
    ///
    /// @param producer with which the producer goes on; none if it was refused
    record Outcome(Errors error, ProducerIdentity producer) {}

    TransactionCoordinator(
            Markers markers, DurableTable table, Serial serial, TransactionLimits limits) {
        this.markers = markers;
        this.table = table;
        this.serial = serial;
        this.limits = limits;
        this.producerIds = new ProducerIds(table, serial);
    }

    /// Takes up what is on disk, and finishes what was decided before the server stopped. Waits for
    /// the disk; before anything else.
    void recover(TransactionalOffsets groups) {
        List<Transaction> found = new ArrayList<>();
        table.forEach((key, value) -> {
            if (key.equals(ProducerIds.KEY)) {
                producerIds.recover(value);
            } else if (key.startsWith(PREFIX)) {
                found.add(TransactionCodec.decode(key.substring(PREFIX.length()), value));
            }
        });
        serial.run(() -> {
            offsets = groups;
            found.forEach(this::recovered);
        });
        serial.after(IDLE_SWEEP, this::forgetIdle);
    }

    private void recovered(Transaction transaction) {
        Entry entry = new Entry(transaction.id());
        entries.put(transaction.id(), entry);
        entry.became(transaction);
    }

    void submit(String id, TransactionCommand command, Consumer<Outcome> reply) {
        serial.run(() -> accept(id, command, reply));
    }

    /// For a producer without a transactional id.
    void newProducerId(Consumer<Outcome> reply) {
        serial.run(() ->
                producerIds.next(
                        new ProducerIds.Waiting() {
                            @Override
                            public void got(long producerId) {
                                reply.accept(
                                        new Outcome(
                                                Errors.NONE, ProducerIdentity.first(producerId)));
                            }

                            @Override
                            public void failed() {
                                reply.accept(refusal(Errors.COORDINATOR_NOT_AVAILABLE));
                            }
                        }));
    }

    /// Shows all transactions that are known now, by transactional id.
    void view(Consumer<Map<String, Transaction>> viewer) {
        serial.run(() -> {
            Map<String, Transaction> all = HashMap.newHashMap(entries.size());
            entries.forEach((id, entry) -> {
                if (entry.known != null) {
                    all.put(id, entry.known);
                }
            });
            viewer.accept(all);
        });
    }

    private void accept(String id, TransactionCommand command, Consumer<Outcome> reply) {
        Entry entry = entries.get(id);
        if (entry == null) {
            if (!(command instanceof TransactionCommand.Initialize)) {
                reply.accept(refusal(Errors.INVALID_PRODUCER_ID_MAPPING));
                return;
            }
            if (entries.size() >= limits.idsMax()) {
                LOG.warn(
                        "there are {} transactional ids; {} is refused until others are forgotten",
                        entries.size(),
                        id);
                reply.accept(refusal(Errors.POLICY_VIOLATION));
                return;
            }
            entry = new Entry(id);
            entries.put(id, entry);
        }
        entry.queue.add(command, reply);
        entry.work();
    }

    private static Outcome refusal(Errors error) {
        return new Outcome(error, ProducerIdentity.NONE);
    }

    private void sweepSoon() {
        if (!isSweeping && !ongoing.isEmpty()) {
            isSweeping = true;
            serial.after(SWEEP, this::sweep);
        }
    }

    private void sweep() {
        isSweeping = false;
        long now = serial.nowMillis();
        for (Entry entry : List.copyOf(ongoing.values())) {
            Transaction known = entry.known;
            if (known != null && now - known.startMillis() >= known.timeoutMillis()) {
                entry.timeOut();
            }
        }
        sweepSoon();
    }

    private void forgetIdle() {
        long now = serial.nowMillis();
        for (Entry entry : List.copyOf(entries.values())) {
            Transaction known = entry.known;
            if (known != null
                    && known.state().isAtRest()
                    && now - known.updateMillis() >= limits.idleMax().toMillis()) {
                entry.forget();
            }
        }
        serial.after(IDLE_SWEEP, this::forgetIdle);
    }

    /// One transactional id.
    private final class Entry {
        private final String id;
        private final CommandQueue queue;

        /// What is on disk, or will be before anything that follows from it; `null` if the id is
        /// new.
        private @Nullable Transaction known;

        /// Whether a change is on its way to disk, or a producer id is waited for.
        private boolean isBusy;

        Entry(String id) {
            this.id = id;
            this.queue = new CommandQueue(serial, this::work);
        }

        /// Does what can be done now.
        void work() {
            while (!isBusy) {
                CommandQueue.Waiting first = queue.first();
                if (first == null) {
                    dropIfUnused();
                    return;
                }
                if (!isDone(first, TransactionRules.NO_FRESH_ID)) {
                    return;
                }
            }
        }

        /// @return whether the next command can be looked at
        private boolean isDone(CommandQueue.Waiting first, long freshId) {
            Decision decision =
                    TransactionRules.decide(
                            id, known, first.command(), freshId, serial.nowMillis());
            switch (decision) {
                case Refused(Errors error) -> queue.answerFirst(refusal(error));
                case Settled(ProducerIdentity producer) ->
                        queue.answerFirst(new Outcome(Errors.NONE, producer));
                case Wait _ -> {
                    return !queue.waitOn();
                }
                case NeedsProducerId _ -> takeProducerId(first);
                case Change(Transaction next, ProducerIdentity producer) -> {
                    queue.removeFirst();
                    store(next, first, new Outcome(Errors.NONE, producer));
                }
                case ChangeAndWait(Transaction next) -> store(next, first, null);
            }
            return true;
        }

        private void takeProducerId(CommandQueue.Waiting first) {
            isBusy = true;
            producerIds.next(
                    new ProducerIds.Waiting() {
                        @Override
                        public void got(long producerId) {
                            isBusy = false;
                            if (isDone(first, producerId)) {
                                work();
                            }
                        }

                        @Override
                        public void failed() {
                            isBusy = false;
                            queue.answerFirst(refusal(Errors.COORDINATOR_NOT_AVAILABLE));
                            work();
                        }
                    });
        }

        /// @param outcome for whoever asked, once it is on disk; `null` if it is to be asked again
        private void store(
                Transaction next, CommandQueue.Waiting asked, @Nullable Outcome outcome) {
            isBusy = true;
            var _ =
                    write(next)
                            .whenComplete((_, failure) ->
                                    serial.run(() -> stored(next, asked, outcome, failure)));
        }

        private CompletableFuture<@Nullable Void> write(Transaction next) {
            Bytes value = TransactionCodec.encode(next);
            return table.write(List.of(new DurableTable.Change(PREFIX + id, value)));
        }

        private void stored(
                Transaction next,
                CommandQueue.Waiting asked,
                @Nullable Outcome outcome,
                @Nullable Throwable failure) {
            isBusy = false;
            if (failure != null) {
                LOG.debug("a transaction of {} cannot be stored: {}", id, failure.toString());
                if (outcome == null) {
                    queue.removeFirst();
                }
                asked.reply().accept(refusal(Errors.COORDINATOR_NOT_AVAILABLE));
            } else {
                if (outcome != null) {
                    asked.reply().accept(outcome);
                }
                if (asked.command() instanceof TransactionCommand.TimeOut) {
                    LOG.info("a transaction of {} took longer than allowed: aborted", id);
                }
                became(next);
            }
            work();
        }

        /// What is stored holds from now on.
        void became(Transaction next) {
            known = next;
            if (next.state() == TransactionState.ONGOING) {
                ongoing.put(id, this);
                sweepSoon();
            } else {
                ongoing.remove(id);
            }
            if (next.state().isPrepared()) {
                new Completion(
                                next,
                                markers,
                                Objects.requireNonNull(offsets, "not started"),
                                serial,
                                () -> completed(next))
                        .tell();
            }
        }

        /// All have been told. That they were need not be on disk before life goes on: after a
        /// crash they are told again, and whatever happens next is written behind it.
        private void completed(Transaction prepared) {
            Transaction next = prepared.completed(serial.nowMillis());
            var _ =
                    write(next)
                            .whenComplete((_, failure) -> {
                                if (failure != null) {
                                    LOG.debug(
                                            "that a transaction of {} is complete cannot be stored: {}",
                                            id,
                                            failure.toString());
                                }
                            });
            became(next);
            work();
        }

        void timeOut() {
            queue.add(new TransactionCommand.TimeOut(), _ -> {});
            work();
        }

        void forget() {
            if (isBusy || queue.first() != null) {
                return;
            }
            isBusy = true;
            var _ =
                    table.write(List.of(new DurableTable.Change(PREFIX + id, null)))
                            .whenComplete((_, failure) ->
                                    serial.run(() -> {
                                        isBusy = false;
                                        known = failure == null ? null : known;
                                        work();
                                    }));
        }

        /// An id that nobody uses is not kept in memory.
        private void dropIfUnused() {
            if (known == null) {
                entries.remove(id, this);
            }
        }
    }
}
