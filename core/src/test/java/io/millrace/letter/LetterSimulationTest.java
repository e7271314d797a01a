package io.millrace.letter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random lives of the store: letters are buried and ended, the power goes, writes tear, logs are
/// compacted. A letter whose burial was answered is there; one whose end was answered is not, and
/// is counted.
class LetterSimulationTest {
    private static final LetterLimits LIMITS = new LetterLimits(1000, Duration.ofDays(30));
    private static final int STEPS = 250;

    private final SimulatedClock clock = new SimulatedClock();
    private Random random = new Random(0);
    private SimulatedDisk disk = new SimulatedDisk(random);
    private LetterGround ground = new LetterGround(disk, clock, random, LIMITS);

    private final Map<String, CompletableFuture<?>> burials = new HashMap<>();
    private final Map<String, List<CompletableFuture<Integer>>> ends = new HashMap<>();
    private int number;

    LetterSimulationTest() throws IOException {}

    static long[] seeds() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + 50).toArray();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasAnsweredHolds(long seed) throws IOException {
        random = new Random(seed);
        disk = new SimulatedDisk(new Random(seed + 1));
        ground = new LetterGround(disk, clock, random, LIMITS);
        for (int i = 0; i < STEPS; i++) {
            try {
                step();
            } catch (PowerCut _) {
                restart(true);
            }
        }
        restart(random.nextBoolean());
    }

    private void step() throws IOException {
        int dice = random.nextInt(100);
        if (dice < 40) {
            String id = "letter " + number++;
            burials.put(id, ground.store().bury(LetterGround.letter(id)));
        } else if (dice < 50) {
            end();
        } else if (dice < 88) {
            ground.threads().step();
        } else if (dice < 92) {
            ground.clean();
        } else if (dice < 95) {
            disk.cutPower(random.nextInt(30));
        } else if (dice < 98) {
            SimulatedDisk.Call[] calls = {
                SimulatedDisk.Call.WRITE, SimulatedDisk.Call.FLUSH, SimulatedDisk.Call.TRUNCATE
            };
            disk.failNext(calls[random.nextInt(calls.length)], random.nextInt(5));
        } else {
            restart(random.nextBoolean());
        }
    }

    private void end() {
        disk.undisturbed(true);
        List<KeptLetter> there = ground.find(LetterSearch.ALL, 10);
        disk.undisturbed(false);
        if (there.isEmpty()) {
            return;
        }
        List<KeptLetter> some = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            KeptLetter one = there.get(random.nextInt(there.size()));
            if (!some.contains(one)) {
                some.add(one);
            }
        }
        CompletableFuture<Integer> end = ground.store().remove(some, LetterEnd.DISCARDED, "");
        some.forEach(each -> ends.computeIfAbsent(each.id(), _ -> new ArrayList<>()).add(end));
    }

    private void restart(boolean isMachine) throws IOException {
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
        ground = new LetterGround(disk, clock, random, LIMITS);
        check();
    }

    private void check() {
        List<String> there = ground.ids();
        assertThat(there).doesNotHaveDuplicates();
        Set<String> gone = new HashSet<>(burials.keySet());
        there.forEach(gone::remove);
        int endedForSure = 0;
        int maybeEnded = 0;
        for (Map.Entry<String, CompletableFuture<?>> burial : burials.entrySet()) {
            String id = burial.getKey();
            List<CompletableFuture<Integer>> asked = ends.getOrDefault(id, List.of());
            if (succeeded(burial.getValue()) && asked.isEmpty()) {
                assertThat(there).contains(id);
            }
            boolean isEnded = asked.stream().anyMatch(LetterSimulationTest::succeeded);
            if (isEnded) {
                assertThat(there).doesNotContain(id);
                endedForSure++;
            }
            maybeEnded += asked.isEmpty() || !gone.contains(id) ? 0 : 1;
        }
        LetterCounts counts = ground.store().counts();
        assertThat(counts.kept()).isEqualTo(there.size());
        assertThat(counts.ended(LetterEnd.DISCARDED))
                .isBetween((long) endedForSure, (long) maybeEnded)
                // Whoever was found by a search was on disk, so its going is an end.
                .isEqualTo(maybeEnded);
    }

    private static boolean succeeded(CompletableFuture<?> answer) {
        return answer.isDone() && !answer.isCompletedExceptionally();
    }
}
