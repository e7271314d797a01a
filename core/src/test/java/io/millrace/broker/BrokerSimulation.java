package io.millrace.broker;

import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedDisk;
import java.util.List;
import java.util.Random;

/// One random life of one broker, from one seed, on one thread: clients publish, follow, read and
/// change streams; agents take turns as chance has it; clocks jump, disks fail, machines crash. All
/// that was answered must hold.
final class BrokerSimulation {
    private static final int STEPS = 250;

    private final Random random;
    private final SimulatedServer server;
    private final SimulatedPublisher publisher;
    private final SimulatedAdministrator administrator;
    private final SimulatedReaders readers;

    /// How often disks fail in this life, of 100; many lives have healthy ones.
    private final int failures;

    private boolean isNested;

    BrokerSimulation(long seed) {
        random = new Random(seed);
        SimulatedDisk disk = new SimulatedDisk(new Random(seed + 1));
        server = new SimulatedServer(random, disk, this::meanwhile);
        publisher = new SimulatedPublisher(server);
        administrator = new SimulatedAdministrator(server);
        readers = new SimulatedReaders(server);
        failures = new int[] {0, 0, 2, 6}[random.nextInt(4)];
    }

    List<String> history() {
        return server.history;
    }

    void run() {
        server.firstStart();
        for (int step = 0; step < STEPS; step++) {
            try {
                step();
            } catch (PowerCut _) {
                server.note("the power is gone");
                restart(random.nextBoolean(), false);
            }
        }
        end();
        restart(random.nextBoolean(), random.nextBoolean());
        end();
    }

    private void end() {
        // Nobody disturbs the last look.
        isNested = true;
        server.settle();
        server.checkAll();
        readers.finish();
    }

    private void restart(boolean isMachine, boolean inOrder) {
        if (inOrder) {
            server.disk.cutPower(-1);
        }
        readers.cutOff();
        isNested = true;
        server.restart(isMachine, inOrder);
        isNested = false;
    }

    private void step() {
        isNested = false;
        int dice = random.nextInt(1000);
        if (dice < 380) {
            agents(1 + random.nextInt(5));
        } else if (dice < 600) {
            publisher.publish();
        } else if (dice < 740) {
            readers.read();
        } else if (dice < 790) {
            readers.open();
        } else if (dice < 805) {
            readers.close();
        } else if (dice < 835) {
            readers.readHistory();
        } else if (dice < 870) {
            administrator.act();
        } else if (dice < 930) {
            pass();
        } else if (dice < 940) {
            long millis = random.nextLong(7_200_000) - 3_600_000;
            server.note("the clock jumps by %d ms", millis);
            server.clock.jump(millis);
            server.pass(0);
        } else if (dice < 970) {
            if (random.nextInt(6) < failures) {
                server.arrangeFailure();
            }
        } else if (dice < 985) {
            server.settle();
            server.checkAll();
        } else {
            restart(random.nextBoolean(), random.nextInt(3) == 0);
        }
    }

    private void agents(int steps) {
        for (int i = 0; i < steps; i++) {
            if (!server.threads().step()) {
                server.callsMayFlush = false;
            }
        }
    }

    private void pass() {
        long[] spans = {1, 100, 1500, 40_000, 600_000, 10_000_000};
        long millis = 1 + random.nextLong(spans[random.nextInt(spans.length)]);
        server.note("%d ms pass", millis);
        server.pass(millis);
    }

    /// What others do while somebody waits for the broker.
    private void meanwhile() {
        if (isNested || !server.isRunning()) {
            return;
        }
        isNested = true;
        try {
            int dice = random.nextInt(12);
            if (dice < 3) {
                publisher.publish();
            } else if (dice == 3) {
                pass();
            } else if (dice == 4 && random.nextInt(8) < failures) {
                server.arrangeFailure();
            }
        } finally {
            isNested = false;
        }
    }
}
