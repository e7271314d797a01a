package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.Leased;
import io.millrace.group.Ledger;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Principal;
import io.millrace.simulator.PowerCut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One random life of queues and subscriptions, from one seed, on one thread: jobs and events are
/// put in, taken, settled in every way; queues are paused, purged, changed and deleted; clocks
/// jump, disks fail, machines crash. All that was answered must hold.
final class GroupSimulation {
    private static final int STEPS = 220;
    private static final int LETTERS_PAGE = 50;
    private static final int DRAIN_ROUNDS = 400;

    private final GroupMachine machine;
    private final Random random;
    private final SimulatedWorkers workers;
    private final SimulatedGroups groups;

    /// How often disks fail in this life, of 100; many lives have healthy ones.
    private final int failures;

    private final boolean clocksJump;
    private boolean isNested;

    GroupSimulation(long seed) {
        machine = new GroupMachine(seed, this::meanwhile);
        random = machine.random;
        workers = new SimulatedWorkers(machine);
        groups = new SimulatedGroups(machine, workers);
        workers.strangers = groups::stranger;
        failures = new int[] {0, 0, 2, 6}[random.nextInt(4)];
        clocksJump = random.nextInt(3) == 0;
    }

    List<String> history() {
        return machine.history;
    }

    void run() {
        machine.firstStart();
        for (int step = 0; step < STEPS; step++) {
            try {
                step();
            } catch (PowerCut _) {
                machine.note("the power is gone");
                restart(random.nextBoolean(), false);
            }
        }
        isNested = true;
        calm();
        restart(random.nextBoolean(), random.nextBoolean());
        isNested = true;
        machine.settle();
        finish();
    }

    private void restart(boolean isMachine, boolean inOrder) {
        isNested = true;
        groups.standDown();
        boolean isLost = machine.restart(isMachine, inOrder);
        groups.crashed(isLost);
        isNested = false;
    }

    private void step() {
        isNested = false;
        int dice = random.nextInt(1000);
        if (dice < 200) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                machine.threads().step();
            }
        } else if (dice < 380) {
            groups.put();
        } else if (dice < 560) {
            receive();
        } else if (dice < 760) {
            settle();
        } else if (dice < 850) {
            pass();
        } else if (dice < 860) {
            if (clocksJump) {
                machine.jump(random.nextLong(7_200_000) - 3_600_000);
            }
        } else if (dice < 920) {
            isNested = random.nextBoolean();
            groups.administer();
        } else if (dice < 945) {
            if (random.nextInt(6) < failures) {
                machine.arrangeFailure();
            }
        } else if (dice < 965) {
            isNested = true;
            calm();
        } else if (dice < 985) {
            ModelGroup group = groups.any();
            if (group != null) {
                checkBalance(group);
            }
        } else {
            restart(random.nextBoolean(), random.nextInt(3) == 0);
        }
    }

    private void receive() {
        ModelGroup group = groups.any();
        if (group != null) {
            workers.receive(group, 1 + random.nextInt(6));
        }
    }

    private void settle() {
        ModelGroup group = groups.any();
        if (group != null) {
            workers.settle(group);
        }
    }

    private void pass() {
        long[] spans = {1, 100, 1500, 40_000, 600_000, 4_000_000};
        long millis = 1 + random.nextLong(spans[random.nextInt(spans.length)]);
        machine.note("%d ms pass", millis);
        machine.pass(millis);
    }

    /// What others do while somebody waits for the broker.
    private void meanwhile() {
        if (isNested || !machine.isRunning()) {
            return;
        }
        isNested = true;
        try {
            int dice = random.nextInt(16);
            if (dice < 2) {
                receive();
            } else if (dice < 4) {
                settle();
            } else if (dice == 4) {
                pass();
            } else if (dice == 5 && random.nextInt(8) < failures) {
                machine.arrangeFailure();
            }
        } finally {
            isNested = false;
        }
    }

    private @Nullable Ledger checkBalance(ModelGroup model) {
        Group group = machine.group(model);
        if (group == null) {
            return null;
        }
        Ledger ledger = group.ledger();
        check(ledger.isBalanced(), "the books of %s: %s", model, ledger);
        check(
                ledger.pending() >= 0
                        && ledger.settled() >= 0
                        && ledger.filtered() >= 0
                        && ledger.leased() + ledger.delayed() + ledger.deferred()
                                <= ledger.pending(),
                "the books of %s: %s",
                model,
                ledger);
        check(
                machine.isDisturbed || ledger.accepted() >= model.accepted,
                "%s had accepted %d: %s",
                model,
                model.accepted,
                ledger);
        model.accepted = ledger.accepted();
        return ledger;
    }

    /// Nothing is wrong and nobody does anything: what is there is looked at.
    private void calm() {
        machine.note("calm");
        machine.settle();
        checkLetters();
        for (ModelGroup model : groups.sure()) {
            Ledger ledger = checkBalance(model);
            if (ledger == null || !model.isQueue()) {
                continue;
            }
            long stored = model.items.stream().filter(item -> item.isStored).count();
            long done = model.items.stream().filter(item -> item.isFinished).count();
            long perhaps =
                    model.items.stream()
                            .filter(i -> !i.isFinished && (i.mayBeFinished || !i.isStored))
                            .count();
            long gone = ledger.settled() + ledger.expired() + ledger.deadLettered();
            check(
                    ledger.accepted() >= stored && ledger.accepted() <= model.items.size(),
                    "%s has accepted %d to %d: %s",
                    model,
                    stored,
                    model.items.size(),
                    ledger);
            check(
                    gone >= done && gone <= done + perhaps,
                    "of %s, %d to %d are done: %s",
                    model,
                    done,
                    done + perhaps,
                    ledger);
        }
    }

    private List<DeadLetter> letters() {
        List<DeadLetter> all = new ArrayList<>();
        String after = null;
        do {
            DeadLetters.Page page =
                    machine.broker()
                            .deadLetters()
                            .search(Principal.LOCAL, LetterSearch.ALL, after, LETTERS_PAGE);
            all.addAll(page.letters());
            after = page.next();
        } while (after != null);
        return all;
    }

    private void checkLetters() {
        Map<String, DeadLetter> found = new HashMap<>();
        List<DeadLetter> all;
        try {
            all = letters();
        } catch (MillraceException e) {
            workers.blame(e);
            return;
        }
        for (DeadLetter letter : all) {
            String place = letter.stream() + "/" + letter.partition() + "/" + letter.offset();
            String group = letter.group();
            machine.note("letter of %s at %s", group, place);
            DeadLetter other = found.put(group + " " + place, letter);
            check(other == null, "two dead letters of one: %s, %s", letter, other);
        }
        for (ModelGroup model : groups.all()) {
            String group = (model.isQueue() ? "Queue/" : "Subscription/") + model.name;
            for (ModelItem item : model.items) {
                DeadLetter letter = found.get(group + " " + item.place);
                check(
                        letter != null || !item.isBuried || !item.isFinished,
                        "%s of %s is not with the dead letters",
                        item,
                        model);
                if (letter != null && letter.event().id().equals(item.event.id())) {
                    check(letter.event().equals(item.event), "%s was changed", letter);
                    item.mayBeFinished |= !item.isFinished;
                }
            }
        }
    }

    /// All that was put in comes out.
    private void finish() {
        machine.note("the end");
        // What waits goes by the clock, and that may have been set back.
        machine.pass(Math.max(0, machine.latestMillis - machine.clock.epochMillis()));
        groups.resumeAll();
        int idle = 0;
        for (int round = 0; round < DRAIN_ROUNDS && idle < 4; round++) {
            boolean isIdle = true;
            for (ModelGroup model : groups.all()) {
                isIdle &= drain(model);
            }
            idle = isIdle ? idle + 1 : 0;
            machine.threads().drain();
            pass(isIdle ? 1_200_000 : 1_000);
            machine.threads().drain();
        }
        checkLetters();
        for (ModelGroup model : groups.all()) {
            Ledger ledger = checkBalance(model);
            for (ModelItem item : model.items) {
                check(
                        !item.isOpen() || (item.isDeferred && !model.isQueue()),
                        "%s of %s is lost: %s",
                        item,
                        model,
                        ledger);
            }
            if (ledger != null) {
                check(ledger.pending() == ledger.deferred(), "%s is not empty: %s", model, ledger);
            }
        }
    }

    private void pass(long millis) {
        machine.pass(millis);
    }

    /// @return whether nothing is left, and nothing is being read for the next who asks
    private boolean drain(ModelGroup model) {
        if (machine.group(model) == null) {
            check(model.isDoubtful, "%s is gone", model);
            model.items.clear();
            return true;
        }
        if (model.isQueue()) {
            workers.fetchAllDeferred(model);
        }
        List<Leased> leases = workers.receive(model, 100, Duration.ofMinutes(10), false);
        workers.complete(model, leases);
        return leases.isEmpty() && !workers.isReading;
    }
}
