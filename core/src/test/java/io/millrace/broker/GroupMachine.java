package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.router.TailConfig;
import io.millrace.security.OpenGuard;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A broker on a simulated machine, which crashes and starts again, each time with another number
/// of shards.
final class GroupMachine {
    private static final Path DATA = Path.of("/data");

    final Random random;
    final SimulatedDisk disk;
    final SimulatedClock clock = new SimulatedClock();
    final List<String> history = new ArrayList<>();
    private final Runnable meanwhile;
    private final long journalBytes;
    private @Nullable SimulatedThreads threads;
    private @Nullable Broker broker;

    /// Whether calls to the disk may have failed since the start.
    boolean isDisturbed;

    /// Whether people have set the clock.
    boolean hasJumped;

    long latestMillis;

    GroupMachine(long seed, Runnable meanwhile) {
        // Neighbouring seeds of a Random begin alike.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.disk = new SimulatedDisk(new Random(~seed * 0x9E3779B97F4A7C15L));
        this.meanwhile = meanwhile;
        this.journalBytes = random.nextInt(3) == 0 ? 1 << 20 : 500 + random.nextInt(4000);
        this.latestMillis = clock.epochMillis();
    }

    void note(String what, @Nullable Object... args) {
        history.add(clock.epochMillis() + " " + BrokerModel.text(what, args));
    }

    Broker broker() {
        if (broker == null) {
            throw new AssertionError("the server does not run");
        }
        return broker;
    }

    SimulatedThreads threads() {
        if (threads == null) {
            throw new AssertionError("the server does not run");
        }
        return threads;
    }

    boolean isRunning() {
        return broker != null;
    }

    @Nullable Group group(ModelGroup model) {
        return broker().group(model.kind, model.name);
    }

    private void start(boolean isHit) throws IOException {
        broker = null;
        threads = new SimulatedThreads(random, clock, meanwhile);
        threads.whenTimerFails(this::timerFailed);
        isDisturbed = isHit;
        BrokerConfig config =
                new BrokerConfig(
                        1 + random.nextInt(3),
                        new ShardConfig(1 << 20, 500 + random.nextInt(3000)),
                        TailConfig.DEFAULT,
                        1500,
                        1000,
                        journalBytes);
        broker = new Broker(DATA, config, new OpenGuard(), new Broker.Ground(disk, clock, threads));
        note("started with %d shards", config.shards());
    }

    private void timerFailed(String timer, MillraceException problem) {
        check(isDisturbed, "%s failed although the disk works: %s", timer, problem);
        note("%s failed: %s", timer, problem.getMessage());
    }

    void firstStart() {
        try {
            start(false);
        } catch (IOException e) {
            throw new AssertionError("nothing is wrong with the disk", e);
        }
    }

    void pass(long millis) {
        clock.advance(millis);
        latestMillis = Math.max(latestMillis, clock.epochMillis());
        threads().tick();
    }

    void jump(long millis) {
        clock.jump(millis);
        hasJumped = true;
        pass(0);
    }

    /// With a disk that works, everything comes to rest.
    void settle() {
        disk.failNothing();
        disk.cutPower(-1);
        threads().drain();
        pass(1500);
        threads().drain();
    }

    /// @return whether whatever was not flushed may be gone
    boolean restart(boolean isMachine, boolean inOrder) {
        boolean isLost = isMachine || isDisturbed;
        if (inOrder) {
            settle();
            broker().close();
            note("closed");
        }
        crash(isMachine);
        while (true) {
            boolean isHit = random.nextInt(3) == 0;
            if (isHit) {
                arrangeFailure();
            }
            try {
                start(isHit);
                return isLost;
            } catch (IOException | MillraceException e) {
                check(isHit, "it does not start although nothing is wrong: %s", e);
                note("starting failed: %s", e);
            } catch (PowerCut _) {
                note("starting ended by a crash");
            }
            isLost = true;
            crash(random.nextBoolean());
        }
    }

    private void crash(boolean isMachine) {
        broker = null;
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
        note(isMachine ? "the machine crashes" : "the process crashes");
    }

    void arrangeFailure() {
        isDisturbed = true;
        int dice = random.nextInt(10);
        if (dice < 2) {
            disk.full(true);
            note("the disk is full");
        } else if (dice == 2) {
            disk.readOnly(true);
            note("the disk is read-only");
        } else if (dice < 6) {
            int calls = random.nextInt(80);
            disk.cutPower(calls);
            note("power goes after %d calls", calls);
        } else {
            SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
            SimulatedDisk.Call call = calls[random.nextInt(calls.length)];
            int after = random.nextInt(8);
            disk.failNext(call, after);
            note("fail %s after %d", call, after);
        }
    }
}
