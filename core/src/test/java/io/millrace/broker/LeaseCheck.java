package io.millrace.broker;

import io.millrace.group.Leased;

/// Whether what was given out could be, as far as the model knows.
///
/// @param comparedUntil items that were changed later are not compared with what is given out
record LeaseCheck(GroupMachine machine, ModelGroup model, long comparedUntil) {
    /// @param startMillis when it was asked for
    /// @param isDeferred whether it was asked for by its number
    void check(ModelItem item, Leased leased, long startMillis, boolean isDeferred) {
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
            checkOrder(item, leased, millis, machine.latestMillis);
        }
    }

    private void checkOrder(ModelItem item, Leased leased, long millis, long latestMillis) {
        for (ModelItem other : model.items) {
            boolean isSameLane = other.lane().equals(item.lane());
            boolean isNeighbour =
                    other != item
                            && other.touched <= comparedUntil
                            && !item.wasDeferred
                            && item.key != null
                            && item.key.equals(other.key)
                            && (isSameLane || model.isQueue())
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
                    isSameLane
                            || other.deliveries == 0
                            || other.token != null
                            || other.expiryMillis <= latestMillis,
                    "%s was given out, and %s keeps its place",
                    item,
                    other);
            BrokerModel.check(
                    !isSameLane
                            || item.wasDeferred
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
