package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.LeaseToken;
import io.millrace.cursor.SettleReply;
import io.millrace.cursor.Settlement;
import io.millrace.cursor.Settler;
import io.millrace.error.MillraceException;
import io.millrace.letter.DeadLetter;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Settles leases of one cursor, on its shard's thread.
final class Settling {
    private final GroupCursor owner;
    private final Settler settler;
    private final List<Long> completed = new ArrayList<>();

    Settling(GroupCursor owner) {
        this.owner = owner;
        this.settler = new Settler(owner.cursor());
    }

    /// One of several that a consumer settles together.
    ///
    /// @param index where its result belongs
    record Order(int index, String token, LeaseToken lease, SettleAction action) {}

    /// Results that come together: complete when the last one is there.
    static final class Batch {
        private final SettleResult[] results;
        private final CompletableFuture<List<SettleResult>> future = new CompletableFuture<>();
        private int missing;

        /// @param parts how often [#partDone] is going to be called
        Batch(int size, int parts) {
            this.results = new SettleResult[size];
            this.missing = parts;
        }

        synchronized void put(int index, SettleResult result) {
            results[index] = result;
        }

        synchronized void more() {
            missing++;
        }

        void partDone(@Nullable MillraceException problem) {
            boolean done;
            synchronized (this) {
                missing--;
                done = missing == 0;
            }
            if (problem != null) {
                future.completeExceptionally(problem);
            } else if (done) {
                future.complete(List.of(results));
            }
        }

        CompletableFuture<List<SettleResult>> future() {
            return future;
        }
    }

    /// Settles leases of a group, each by itself. Not for a shard's thread.
    ///
    /// @return one result for each, in the same order
    static List<SettleResult> all(Group group, List<String> tokens, List<SettleAction> actions) {
        Map<GroupCursor, List<Order>> orders = new LinkedHashMap<>();
        SettleResult[] known = new SettleResult[tokens.size()];
        for (int i = 0; i < tokens.size(); i++) {
            GroupToken token = GroupToken.parse(tokens.get(i));
            GroupCursor cursor =
                    token == null || token.group() != group.id()
                            ? null
                            : group.find(token.stream(), token.lease().partition());
            if (token == null || cursor == null) {
                known[i] = new SettleResult(tokens.get(i), SettleResult.Outcome.UNKNOWN, 0);
            } else {
                orders.computeIfAbsent(cursor, _ -> new ArrayList<>())
                        .add(new Order(i, tokens.get(i), token.lease(), actions.get(i)));
            }
        }
        if (orders.isEmpty()) {
            return List.of(known);
        }
        Batch batch = new Batch(tokens.size(), orders.size());
        for (int i = 0; i < known.length; i++) {
            if (known[i] != null) {
                batch.put(i, known[i]);
            }
        }
        Duration lease = group.config().lease();
        orders.forEach((cursor, some) ->
                cursor.run(() -> new Settling(cursor).settle(some, lease, batch)));
        return group.await(batch.future());
    }

    /// Settles some; the batch has counted one part for all of them.
    void settle(List<Order> orders, Duration usualLease, Batch batch) {
        boolean isLasting = false;
        for (Order order : orders) {
            isLasting |= settle(order, usualLease, batch);
        }
        flushCompleted();
        if (isLasting) {
            owner.whenStored(batch::partDone);
        } else {
            owner.home().journal().whenWritten(batch::partDone);
        }
        owner.home().touch(owner);
    }

    /// @return whether the result has to be as safe as the stream promises
    private boolean settle(Order order, Duration usualLease, Batch batch) {
        long now = owner.home().nowMillis();
        Settlement settlement = settlement(order.action, usualLease);
        Settler.Decision decision = settler.settle(order.lease, settlement, now);
        SettleResult.Outcome outcome = outcome(decision.reply());
        if (decision.reply() == SettleReply.BURIED) {
            batch.more();
            Burials.Cause cause =
                    order.action instanceof SettleAction.Reject(String reason)
                            ? new Burials.Cause(DeadLetter.Reason.REJECTED, reason, 0)
                            : new Burials.Cause(
                                    DeadLetter.Reason.ATTEMPTS_EXHAUSTED, "it failed too often", 0);
            batch.put(order.index, new SettleResult(order.token, outcome, 0));
            owner.burials().begin(order.lease.offset(), cause, null, batch::partDone);
            return false;
        }
        long deadline =
                decision.record() instanceof CursorRecord.Renewed(long _, long until) ? until : 0;
        batch.put(order.index, new SettleResult(order.token, outcome, deadline));
        accept(decision.record());
        return decision.record() instanceof CursorRecord.Settled
                || decision.record() instanceof CursorRecord.Deferred;
    }

    /// Completed ones are applied at once and written together.
    private void accept(@Nullable CursorRecord record) {
        if (record instanceof CursorRecord.Settled settled) {
            owner.cursor().apply(settled);
            completed.addAll(settled.offsets());
            owner.group().countSettled(settled.offsets().size());
        } else if (record != null) {
            flushCompleted();
            owner.apply(record);
        }
    }

    private void flushCompleted() {
        if (!completed.isEmpty()) {
            owner.home().write(owner, new CursorRecord.Settled(completed));
            completed.clear();
        }
    }

    private static Settlement settlement(SettleAction action, Duration usualLease) {
        return switch (action) {
            case SettleAction.Complete() -> new Settlement.Complete();
            case SettleAction.Release(Duration delay, boolean failed) ->
                    new Settlement.Release(delay.toMillis(), failed);
            case SettleAction.Reject(String _) -> new Settlement.Reject();
            case SettleAction.Defer() -> new Settlement.Defer();
            case SettleAction.Renew(Duration lease) ->
                    new Settlement.Renew((lease == null ? usualLease : lease).toMillis());
        };
    }

    private static SettleResult.Outcome outcome(SettleReply reply) {
        return switch (reply) {
            case DONE -> SettleResult.Outcome.DONE;
            case BURIED -> SettleResult.Outcome.DEAD_LETTERED;
            case SETTLED_BEFORE -> SettleResult.Outcome.SETTLED_BEFORE;
            case LEASE_ENDED -> SettleResult.Outcome.LEASE_ENDED;
            case GIVEN_TO_ANOTHER -> SettleResult.Outcome.GIVEN_TO_ANOTHER;
            case UNKNOWN -> SettleResult.Outcome.UNKNOWN;
        };
    }

    /// Settles what was taken by somebody on the shard.
    void settle(LeaseToken lease, StoredEvent event, Verdict verdict) {
        long now = owner.home().nowMillis();
        Settlement settlement =
                switch (verdict) {
                    case Verdict.Done() -> new Settlement.Complete();
                    case Verdict.Again(Duration delay, boolean failed) ->
                            new Settlement.Release(delay.toMillis(), failed);
                    case Verdict.Bury _ -> new Settlement.Reject();
                };
        Settler.Decision decision = settler.settle(lease, settlement, now);
        if (decision.reply() == SettleReply.BURIED) {
            Burials.Cause cause =
                    verdict instanceof Verdict.Bury(var reason, var detail, int status)
                            ? new Burials.Cause(reason, detail, status)
                            : new Burials.Cause(
                                    DeadLetter.Reason.ATTEMPTS_EXHAUSTED, "it failed too often", 0);
            owner.burials().begin(lease.offset(), cause, event, null);
        } else {
            accept(decision.record());
            flushCompleted();
        }
        owner.home().touch(owner);
    }
}
