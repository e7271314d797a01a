package io.millrace.broker;

import io.millrace.group.Leased;

/// What a group must not give out: what is done, set aside, not due, expired, with somebody else,
/// or before others of its key.
final class TakingChecks {
    private final GroupMachine machine;

    /// Those that were changed later are not compared with what is given out.
    long comparedUntil = Long.MAX_VALUE;

    TakingChecks(GroupMachine machine) {
        this.machine = machine;
    }

    void check(
            ModelGroup model, ModelItem item, Leased leased, long startMillis, boolean isDeferred) {
        BrokerModel.check(leased.event().event().equals(item.event), "%s was changed", item);
        BrokerModel.check(!item.isFinished, "%s gave what is done: %s", model, item);
        BrokerModel.check(
                item.isDeferred == isDeferred || (isDeferred && item.mayBeDeferred),
                "%s gave what is set aside: %s",
                model,
                item);
        long millis = machine.clock.epochMillis();
        BrokerModel.check(
                item.token == null
                        || item.settling > 0
                        || item.deadlineMillis <= machine.latestMillis,
                "%s gave what another has: %s",
                model,
                item);
        BrokerModel.check(item.notBeforeMillis <= machine.latestMillis, "%s was given early", item);
        BrokerModel.check(item.dueMillis <= machine.latestMillis, "%s was given early", item);
        BrokerModel.check(
                isDeferred || machine.hasJumped || item.expiryMillis > startMillis,
                "%s had expired",
                item);
        BrokerModel.check(
                leased.deliveries() > item.deliveries,
                "%s was given %d times and now %d",
                item,
                item.deliveries,
                leased.deliveries());
        BrokerModel.check(
                machine.hasJumped || leased.deadlineMillis() >= startMillis,
                "the lease of %s has ended",
                item);
        if (model.isOrdered && item.key != null && !isDeferred) {
            checkOrder(model, item, leased, millis, machine.latestMillis);
        }
    }

    private void checkOrder(
            ModelGroup model, ModelItem item, Leased leased, long millis, long latestMillis) {
        for (ModelItem other : model.items) {
            boolean isNeighbour =
                    other != item
                            && other.touched <= comparedUntil
                            && !item.wasDeferred
                            && item.key != null
                            && item.key.equals(other.key)
                            && other.lane().equals(item.lane())
                            && !other.wasDeferred;
            if (!isNeighbour || !other.isOpen() || model.mayBeBuried(other, latestMillis)) {
                continue;
            }
            BrokerModel.check(
                    other.token == null
                            || other.deadlineMillis <= millis
                            || leased.deadlineMillis() <= millis,
                    "two of one key are out: %s, %s",
                    item,
                    other);
            BrokerModel.check(
                    item.wasDeferred
                            || item.dueMillis > 0
                            || other.dueMillis > 0
                            || other.expiryMillis < Long.MAX_VALUE
                            || other.offset() > item.offset(),
                    "%s has overtaken %s",
                    item,
                    other);
        }
    }
}
