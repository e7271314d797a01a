package io.millrace.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random lives of a keyed log: puts, deletions, compactions, power cuts and torn writes. What was
/// acknowledged holds; what was not may.
class KeyedLogSimulationTest {
    private static final int KEYS = 12;
    private static final int STEPS = 300;

    private final SimulatedClock clock = new SimulatedClock();
    private Random random = new Random(0);
    private SimulatedDisk disk = new SimulatedDisk(random);
    private KeyedGround ground = new KeyedGround(disk, clock, random, 2 << 10);
    private KeyedLog log = ground.open("letters");

    KeyedLogSimulationTest() throws IOException {}

    /// What was asked for each key since what is known to hold, which comes first.
    private final List<List<Asked>> asked = new ArrayList<>();

    private int values;

    /// @param value `null` for a deletion
    private record Asked(@Nullable String value, CompletableFuture<?> answer) {
        boolean isAcknowledged() {
            return answer.isDone() && !answer.isCompletedExceptionally();
        }
    }

    static long[] seeds() {
        long first = new Random().nextLong();
        return java.util.stream.LongStream.range(first, first + 60).toArray();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAcknowledgedHolds(long seed) throws IOException {
        random = new Random(seed);
        disk = new SimulatedDisk(new Random(seed + 1));
        for (int i = 0; i < KEYS; i++) {
            asked.add(
                    new ArrayList<>(
                            List.of(new Asked(null, CompletableFuture.completedFuture(null)))));
        }
        start();
        for (int i = 0; i < STEPS; i++) {
            try {
                step();
            } catch (PowerCut _) {
                restart(true);
            }
        }
        restart(random.nextBoolean());
    }

    private void start() throws IOException {
        ground = new KeyedGround(disk, clock, random, 2 << 10);
        log = ground.open("letters");
    }

    private void step() throws IOException {
        int dice = random.nextInt(100);
        if (dice < 45) {
            change();
        } else if (dice < 85) {
            ground.threads().step();
        } else if (dice < 90) {
            ground.clean(log);
        } else if (dice < 93) {
            clock.advance(random.nextLong(100_000_000));
        } else if (dice < 95) {
            disk.cutPower(random.nextInt(30));
        } else if (dice < 97) {
            SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
            disk.failNext(calls[random.nextInt(calls.length)], random.nextInt(5));
        } else if (dice < 99) {
            disk.failNothing();
            ground.threads().drain();
            disk.undisturbed(true);
            check();
            disk.undisturbed(false);
        } else {
            restart(random.nextBoolean());
        }
    }

    private void change() {
        int number = random.nextInt(KEYS);
        String value = "value " + values++ + " ".repeat(random.nextInt(200));
        boolean isPut = random.nextInt(3) > 0;
        String key = "key " + number;
        asked.get(number)
                .add(
                        isPut
                                ? new Asked(value, log.put(key, Bytes.utf8(value)))
                                : new Asked(null, log.delete(key)));
    }

    private void restart(boolean isMachine) throws IOException {
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
        start();
        check();
        // What holds now was read from the disk, and holds for good.
        for (int i = 0; i < KEYS; i++) {
            String value = value(i);
            asked.get(i).clear();
            asked.get(i).add(new Asked(value, CompletableFuture.completedFuture(null)));
        }
    }

    private @Nullable String value(int number) {
        Bytes value = log.get("key " + number);
        return value == null ? null : value.toUtf8();
    }

    private void check() {
        Set<String> there = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            List<Asked> all = asked.get(i);
            Set<@Nullable String> possible = new HashSet<>();
            for (Asked each : all) {
                if (each.isAcknowledged()) {
                    possible.clear();
                }
                possible.add(each.value());
            }
            String value = value(i);
            assertThat(possible).as("key %d, of %s", i, all).contains(value);
            if (value != null) {
                there.add("key " + i);
            }
        }
        List<String> visited = new ArrayList<>();
        long end = log.scan(0, 10_000, record -> visited.add(key(record.key())));
        assertThat(end).isEqualTo(-1);
        assertThat(visited).containsExactlyInAnyOrderElementsOf(there);
        assertThat(log.size()).isEqualTo(there.size());
    }

    private static String key(@Nullable Bytes key) {
        return key == null ? "none" : key.toUtf8();
    }
}
