package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Takes jobs and events out and settles them, in time and too late, and holds the groups to what
/// they promise.
final class SimulatedWorkers {
    private static final long[] LEASES = {1_000, 60_000, 600_000};
    private static final long[] DELAYS = {0, 0, 500, 90_000};

    private final GroupMachine machine;
    private final Random random;
    long now;

    /// Those that were changed later are not compared with what is given out.
    private long comparedUntil = Long.MAX_VALUE;

    /// Whether who received last was told that it is worth to ask again.
    boolean isReading;

    java.util.function.BiFunction<ModelGroup, Leased, @Nullable ModelItem> strangers =
            (_, _) -> null;

    SimulatedWorkers(GroupMachine machine) {
        this.machine = machine;
        this.random = machine.random;
    }

    private Group group(ModelGroup model) {
        Group group = machine.group(model);
        if (group == null) {
            throw new AssertionError(model + " is gone");
        }
        return group;
    }

    /// A problem is to blame on the disk.
    void blame(MillraceException e) {
        check(machine.isDisturbed, "it failed although the disk works: %s", e);
        machine.note("failed: %s", e.getMessage());
    }

    List<Leased> receive(ModelGroup model, int max) {
        boolean atOnce = model.isQueue() && random.nextInt(12) == 0;
        Duration lease = Duration.ofMillis(LEASES[random.nextInt(LEASES.length)]);
        return receive(model, max, lease, atOnce);
    }

    List<Leased> receive(ModelGroup model, int max, Duration lease, boolean atOnce) {
        long start = now++;
        long startMillis = machine.clock.epochMillis();
        Boolean paused = model.isPaused;
        if (atOnce) {
            // Whoever is given away without an answer is nobody's.
            model.items.forEach(item -> item.mayBeFinished |= item.isStored && !item.isFinished);
        }
        List<Leased> leases;
        try {
            Group.Tried tried = group(model).tryReceive(max, lease, atOnce);
            leases = tried.leases();
            isReading = tried.isReading();
        } catch (MillraceException e) {
            blame(e);
            isReading = true;
            return List.of();
        }
        machine.note("%s gave %s%s", model, ids(leases), atOnce ? " for good" : "");
        check(
                leases.isEmpty()
                        || !Boolean.TRUE.equals(paused)
                        || !Boolean.TRUE.equals(model.isPaused),
                "%s is paused and gave %s",
                model,
                leases);
        // What is done as it is given out lets others of its key go out before anybody hears of it.
        comparedUntil = atOnce ? start : Long.MAX_VALUE;
        for (Leased leased : leases) {
            taken(model, leased, start, startMillis, false);
        }
        if (atOnce) {
            for (Leased leased : leases) {
                ModelItem item = model.at(ModelGroup.place(leased));
                if (item != null) {
                    item.isFinished = true;
                    item.token = null;
                }
            }
        }
        return leases;
    }

    private static List<String> ids(List<Leased> leases) {
        return leases.stream()
                .map(each ->
                        each.event().event().id()
                                + "@"
                                + ModelGroup.place(each)
                                + " until "
                                + each.deadlineMillis()
                                + " as "
                                + each.token())
                .toList();
    }

    private void taken(
            ModelGroup model, Leased leased, long start, long startMillis, boolean isDeferred) {
        ModelItem item = model.find(ModelGroup.place(leased), leased.event().event().id());
        item = item == null ? strangers.apply(model, leased) : item;
        if (item == null) {
            throw new AssertionError("%s gave what nobody put in: %s".formatted(model, leased));
        }
        model.tokens.add(new ModelGroup.Token(item, leased.token(), leased.deadlineMillis()));
        if (item.touched > start) {
            item.isOvertaken = true;
            if (leased.deliveries() > item.deliveries) {
                // Given out later than what is known here, though it was asked for before.
                item.token = null;
            }
            return;
        }
        item.isOvertaken = false;
        new LeaseCheck(machine, model, comparedUntil).check(item, leased, startMillis, isDeferred);
        item.isStored = true;
        item.isDeferred = false;
        item.mayBeDeferred = false;
        item.mayBeLeased = false;
        item.mayBeRenewed = false;
        item.token = leased.token();
        item.deadlineMillis = leased.deadlineMillis();
        item.notBeforeMillis = 0;
        item.deliveries = leased.deliveries();
        item.touched = ++now;
    }

    private static final class Attempt {
        final ModelGroup.Token token;
        final SettleAction action;
        final boolean wasDoubtful;

        Attempt(ModelGroup.Token token, SettleAction action) {
            this.token = token;
            this.action = action;
            this.wasDoubtful = token.item().mayBeFinished;
        }
    }

    private SettleAction action() {
        Duration delay = Duration.ofMillis(DELAYS[random.nextInt(DELAYS.length)]);
        int dice = random.nextInt(20);
        if (dice < 10) {
            return new SettleAction.Complete();
        } else if (dice < 14) {
            return new SettleAction.Release(delay, random.nextBoolean());
        } else if (dice < 16) {
            return new SettleAction.Reject("no");
        } else if (dice < 17) {
            return new SettleAction.Defer();
        }
        return new SettleAction.Renew(random.nextBoolean() ? null : Duration.ofSeconds(90));
    }

    void settle(ModelGroup model) {
        List<Attempt> attempts = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && !model.tokens.isEmpty(); i++) {
            int size = model.tokens.size();
            int back = Math.min(size, random.nextInt(4) == 0 ? size : 8);
            ModelGroup.Token token = model.tokens.get(size - 1 - random.nextInt(back));
            // What becomes of two answers on their way at once is not known to either.
            if (token.item().settling == 0
                    && attempts.stream().noneMatch(each -> each.token.item() == token.item())) {
                attempts.add(new Attempt(token, action()));
            }
        }
        settle(model, attempts);
    }

    void complete(ModelGroup model, List<Leased> leases) {
        List<Attempt> attempts = new ArrayList<>();
        for (Leased leased : leases) {
            model.tokens.stream()
                    .filter(token -> token.text().equals(leased.token()))
                    .findFirst()
                    .ifPresent(t -> attempts.add(new Attempt(t, new SettleAction.Complete())));
        }
        settle(model, attempts);
    }

    private void settle(ModelGroup model, List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        long start = now++;
        long startMillis = machine.clock.epochMillis();
        for (Attempt attempt : attempts) {
            ModelItem item = attempt.token.item();
            // From now on any of it may be so, until the answer says what is.
            item.mayBeFinished |= !item.isFinished;
            item.settling++;
        }
        List<SettleResult> results;
        try {
            results =
                    group(model)
                            .settle(
                                    attempts.stream().map(each -> each.token.text()).toList(),
                                    attempts.stream().map(each -> each.action).toList());
        } catch (MillraceException e) {
            blame(e);
            for (Attempt attempt : attempts) {
                ModelItem item = attempt.token.item();
                item.wasDeferred = true;
                item.mayBeRenewed |=
                        attempt.action instanceof SettleAction.Renew
                                || item.deadlineMillis > attempt.token.deadlineMillis();
                item.token = null;
                item.touched = ++now;
            }
            return;
        } finally {
            attempts.forEach(attempt -> attempt.token.item().settling--);
        }
        for (int i = 0; i < results.size(); i++) {
            settled(attempts.get(i), results.get(i), start, startMillis);
        }
    }

    private void settled(Attempt attempt, SettleResult result, long start, long startMillis) {
        ModelItem item = attempt.token.item();
        SettleResult.Outcome outcome = result.outcome();
        machine.note("%s of %s as %s: %s", attempt.action, item, attempt.token.text(), outcome);
        boolean holds =
                outcome == SettleResult.Outcome.DONE
                        || outcome == SettleResult.Outcome.DEAD_LETTERED;
        if (item.touched <= start) {
            checkSettled(attempt, outcome, holds, startMillis);
        }
        if (!holds) {
            if (item.touched <= start) {
                item.mayBeFinished = attempt.wasDoubtful;
            }
            return;
        }
        item.mayBeFinished = false;
        boolean isOvertaken =
                item.touched > start
                        && item.token != null
                        && !attempt.token.text().equals(item.token)
                        && outcome == SettleResult.Outcome.DONE
                        && !(attempt.action instanceof SettleAction.Complete);
        if (isOvertaken) {
            // Somebody has it again, and knew before this answer came.
            return;
        }
        item.touched = ++now;
        if (outcome == SettleResult.Outcome.DEAD_LETTERED) {
            item.isFinished = true;
            item.isBuried = true;
            item.token = null;
            return;
        }
        holds(attempt, result, startMillis);
    }

    private void checkSettled(
            Attempt attempt, SettleResult.Outcome outcome, boolean holds, long startMillis) {
        ModelItem item = attempt.token.item();
        boolean isMine = attempt.token.text().equals(item.token);
        long deadline = isMine ? item.deadlineMillis : attempt.token.deadlineMillis();
        check(!holds || !item.isFinished, "%s was done twice", item);
        check(
                !holds
                        || isMine
                        || (item.token == null && (attempt.wasDoubtful || item.isOvertaken)),
                "%s was settled by one who has it no more",
                item);
        check(
                !holds || machine.hasJumped || deadline > startMillis || item.mayBeRenewed,
                "%s was settled after its lease",
                item);
        boolean isValid =
                isMine
                        && deadline > machine.latestMillis
                        && !attempt.wasDoubtful
                        && !item.isFinished;
        check(holds || !isValid, "%s was refused: %s", item, outcome);
    }

    /// What follows from a settlement that was answered with yes.
    private void holds(Attempt attempt, SettleResult result, long startMillis) {
        ModelItem item = attempt.token.item();
        switch (attempt.action) {
            case SettleAction.Complete() -> {
                item.isFinished = true;
                item.token = null;
            }
            case SettleAction.Release(Duration delay, boolean _) -> {
                item.token = null;
                item.notBeforeMillis = startMillis + delay.toMillis();
            }
            case SettleAction.Defer() -> {
                item.token = null;
                item.isDeferred = true;
                item.wasDeferred = true;
            }
            case SettleAction.Renew(var _) -> {
                item.token = attempt.token.text();
                item.deadlineMillis = result.deadlineMillis();
            }
            case SettleAction.Reject(String _) ->
                    check(false, "%s was rejected and is not with the dead letters", item);
        }
    }

    /// Asks for what was set aside.
    void fetchDeferred(ModelGroup model) {
        List<ModelItem> deferred = deferred(model);
        if (!deferred.isEmpty()) {
            fetchDeferred(model, deferred.get(random.nextInt(deferred.size())));
        }
    }

    /// Asks for all that was, or may be, set aside.
    void fetchAllDeferred(ModelGroup model) {
        deferred(model).forEach(item -> fetchDeferred(model, item));
    }

    private static List<ModelItem> deferred(ModelGroup model) {
        return model.items.stream()
                .filter(each -> (each.isDeferred || each.mayBeDeferred) && each.isOpen())
                .toList();
    }

    private void fetchDeferred(ModelGroup model, ModelItem item) {
        long start = now++;
        long startMillis = machine.clock.epochMillis();
        String number = item.lane().substring(item.lane().indexOf('/') + 1) + "-" + item.offset();
        // If the power goes meanwhile, nobody knows whether it was leased.
        boolean wasDeferred = item.isDeferred;
        item.isDeferred = false;
        item.mayBeDeferred = true;
        try {
            List<Leased> leases =
                    machine.broker()
                            .queues()
                            .fetchDeferred(
                                    Principal.LOCAL,
                                    model.name,
                                    List.of(number),
                                    Duration.ofMinutes(10));
            machine.note("fetched %s", ids(leases));
            check(
                    !leases.isEmpty()
                            || !wasDeferred
                            || machine.isDisturbed
                            || item.touched > start,
                    "%s is not there",
                    item);
            item.isDeferred = wasDeferred && leases.isEmpty() && item.touched <= start;
            leases.forEach(leased -> taken(model, leased, start, startMillis, true));
        } catch (MillraceException e) {
            blame(e);
            doubt(item);
        }
    }

    /// Takes a job back whose time has not come.
    void cancel(ModelGroup model) {
        List<ModelItem> scheduled =
                model.items.stream()
                        .filter(i -> i.isOpen() && i.dueMillis > machine.latestMillis)
                        .toList();
        if (scheduled.isEmpty()) {
            return;
        }
        ModelItem item = scheduled.get(random.nextInt(scheduled.size()));
        String number = item.lane().substring(item.lane().indexOf('/') + 1) + "-" + item.offset();
        item.mayBeFinished = true;
        try {
            machine.broker().queues().cancel(Principal.LOCAL, model.name, number);
            item.isFinished = true;
            machine.note("cancelled %s", item);
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                blame(e);
            }
        }
        item.touched = ++now;
    }

    static void doubt(ModelItem item) {
        item.mayBeFinished |= !item.isFinished;
        item.wasDeferred = true;
        item.isDeferred = false;
        item.token = null;
    }

    /// Whether everything given out before is void now.
    void seek(ModelGroup model, boolean toEarliest) {
        model.items.forEach(item -> {
            item.mayBeFinished = true;
            item.isFinished = false;
            item.isBuried = false;
            doubt(item);
            item.forgetLease();
            item.touched = ++now;
        });
        long start = now;
        model.accepted = 0;
        try {
            machine.broker()
                    .subscriptions()
                    .seek(
                            Principal.LOCAL,
                            model.name,
                            toEarliest
                                    ? new io.millrace.stream.Start.First()
                                    : new io.millrace.stream.Start.Next());
            machine.note("%s goes to the %s", model, toEarliest ? "earliest" : "latest");
        } catch (MillraceException e) {
            blame(e);
            return;
        }
        for (ModelItem item : model.items) {
            if (item.touched > start) {
                // Given out or settled before it went there, or behind.
                doubt(item);
            } else {
                item.mayBeFinished = !toEarliest;
                item.forgetLease();
                item.touched = ++now;
            }
        }
    }
}
