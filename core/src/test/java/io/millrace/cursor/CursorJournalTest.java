package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cursor.JournalGround.Change;
import io.millrace.cursor.JournalGround.Promises;
import io.millrace.cursor.JournalGround.Size;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The journal by itself: whatever happens, what was acknowledged is there, each change counts
/// once, and the journal goes on.
final class CursorJournalTest {
    /// So small that a journal begins anew every few changes.
    private static final Size SMALL = new Size(2, 5, 600);

    private static final Size LARGE = new Size(2, 5, 32 << 20);
    private static final int ROUNDS = 30;
    private static final long GROWTH_BYTES = 200 << 10;

    private final SimulatedClock clock = new SimulatedClock();
    private Random random = new Random(1);
    private SimulatedDisk disk = new SimulatedDisk(random);
    private Promises promises = new Promises();

    private void begin(long seed) {
        random = new Random(seed);
        disk = new SimulatedDisk(new Random(seed + 1));
        promises = new Promises();
    }

    private JournalGround start(Size size) throws IOException {
        return new JournalGround(disk, clock, random, size, promises);
    }

    /// Changes all cursors again and again, and waits now and then.
    private void live(JournalGround ground, Size size) {
        for (int round = 0; round < ROUNDS; round++) {
            for (int number = 0; number < size.cursors(); number++) {
                ground.change(number);
                if (random.nextBoolean()) {
                    ground.threads.step();
                }
            }
            if (random.nextInt(4) == 0) {
                ground.drain();
            }
        }
        ground.drain();
    }

    /// What was promised holds, and each change counts once.
    private void check(JournalGround ground, Size size, boolean isMachine, String when) {
        for (int number = 0; number < size.cursors(); number++) {
            CursorId id = JournalGround.id(number);
            long least = Promises.of(isMachine ? promises.flushed : promises.written, id);
            Cursor cursor = ground.ownerOf(number).cursor(id);
            assertThat(cursor.frontier())
                    .as("cursor %d %s", number, when)
                    .isBetween(least, Promises.of(promises.tried, id));
            assertThat(cursor.counts().filtered())
                    .as("changes of cursor %d %s", number, when)
                    .isEqualTo(cursor.frontier());
            // What was not promised may be gone, and is done again.
            promises.tried.put(id, cursor.frontier());
            promises.written.put(id, cursor.frontier());
            promises.flushed.put(id, isMachine ? cursor.frontier() : least(id));
        }
    }

    private long least(CursorId id) {
        return Promises.of(promises.flushed, id);
    }

    /// Everybody is answered with yes, and it is there after a start.
    private void goesOn(JournalGround ground, Size size, String when) throws IOException {
        for (int number = 0; number < size.cursors(); number++) {
            Change change = ground.change(number);
            ground.drain();
            assertThat(change.problem).as(when).isNull();
            assertThat(change.isAnswered()).as(when).isTrue();
        }
        disk.crash();
        JournalGround next = start(size);
        next.drain();
        check(next, size, true, when + ", after going on");
    }

    private boolean hasBegunAnew() throws IOException {
        return JournalGround.hasBegunAnew(disk);
    }

    private void crash(boolean isMachine) {
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCrashAtAnyCallWhileWritingAndBeginningAnewLosesNothingAcknowledged(boolean isMachine)
            throws IOException {
        boolean isOver = false;
        for (int calls = 0; !isOver; calls++) {
            begin(calls);
            disk.cutPower(calls);
            try {
                JournalGround ground = start(SMALL);
                live(ground, SMALL);
                disk.cutPower(-1);
                isOver = true;
                assertThat(hasBegunAnew()).isTrue();
            } catch (PowerCut _) {
                // That was the call.
            }
            crash(isMachine);
            JournalGround next = start(SMALL);
            next.drain();
            String when = "after a crash at call " + calls;
            check(next, SMALL, isMachine, when);
            goesOn(next, SMALL, when);
        }
    }

    @ParameterizedTest
    @EnumSource(SimulatedDisk.Call.class)
    void aCallThatFailsOnceLosesNothingAcknowledged(SimulatedDisk.Call call) throws IOException {
        for (int after = 0; after < 60; after++) {
            begin(1000 + after);
            JournalGround ground = start(SMALL);
            ground.drain();
            disk.failNext(call, after);
            live(ground, SMALL);
            disk.failNothing();
            ground.drain();
            String when = "after %s failed as number %d".formatted(call, after);
            // Whoever lives on is never behind what it has promised.
            for (int number = 0; number < SMALL.cursors(); number++) {
                assertThat(ground.frontier(number))
                        .as(when)
                        .isGreaterThanOrEqualTo(
                                Promises.of(promises.written, JournalGround.id(number)));
            }
            disk.crash();
            JournalGround next = start(SMALL);
            next.drain();
            check(next, SMALL, true, when);
            goesOn(next, SMALL, when);
        }
    }

    @Test
    void everyChangeIsAnsweredThoughAJournalBeginsAnewAndTheOldFolderIsGone() throws IOException {
        JournalGround ground = start(SMALL);
        for (int round = 0; round < 200; round++) {
            Change change = ground.change(0);
            ground.drain();
            assertThat(change.isAnswered()).as("change %d", round).isTrue();
            assertThat(change.problem).isNull();
        }
        assertThat(hasBegunAnew()).isTrue();
    }

    @Test
    void aFullDiskTakesTheCursorsBackToWhatIsWrittenAndRoomLetsThemGoOn() throws IOException {
        JournalGround ground = start(LARGE);
        ground.change(0);
        ground.drain();
        disk.full(true);
        Change refused = untilRefused(ground);
        assertThat(refused.problem)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
        assertThat(ground.ownerOf(0).resets).isPositive();
        assertThat(ground.frontier(0))
                .isEqualTo(Promises.of(promises.written, JournalGround.id(0)));
        disk.full(false);
        goesOn(ground, LARGE, "after a full disk");
    }

    private static Change untilRefused(JournalGround ground) {
        for (int i = 0; i < GROWTH_BYTES; i++) {
            Change change = ground.change(0);
            ground.drain();
            if (change.problem != null) {
                return change;
            }
        }
        throw new AssertionError("the disk is never full");
    }

    @Test
    void aJournalThatFindsNoRoomToBeginAnewGoesOnAsItIs() throws IOException {
        JournalGround ground = start(SMALL);
        ground.drain();
        disk.full(true);
        for (int i = 0; i < 60; i++) {
            Change change = ground.change(0);
            ground.drain();
            assertThat(change.problem).isNull();
        }
        assertThat(hasBegunAnew()).isFalse();
        disk.full(false);
        for (int i = 0; i < 200; i++) {
            ground.change(0);
            ground.drain();
        }
        assertThat(hasBegunAnew()).isTrue();
        goesOn(ground, SMALL, "after there was no room");
    }

    /// Else they would begin anew in memory, and what was given out would be lost to them.
    @Test
    void cursorsAreTakenBackAlsoIfTheJournalCannotBeOpenedAtFirst() throws IOException {
        JournalGround ground = start(LARGE);
        live(ground, LARGE);
        long before = ground.frontier(0);
        disk.crashProcess();
        JournalGround next = start(LARGE);
        next.drain();
        disk.failNext(SimulatedDisk.Call.OPEN, 0);
        Change first = next.change(0);
        next.drain();
        assertThat(first.problem).isNotNull();
        Change second = next.change(0);
        next.drain();
        assertThat(second.problem).isNotNull();
        assertThat(next.frontier(0)).isEqualTo(before);
        goesOn(next, LARGE, "after it could not be opened");
    }

    @Test
    void cursorsAreTakenBackAlsoIfTheJournalCannotBeReadAtFirst() throws IOException {
        JournalGround ground = start(LARGE);
        live(ground, LARGE);
        long before = ground.frontier(0);
        disk.failNext(SimulatedDisk.Call.WRITE, 0);
        disk.failNext(SimulatedDisk.Call.READ, 0);
        Change first = ground.change(0);
        ground.drain();
        assertThat(first.problem).isNotNull();
        Change second = ground.change(0);
        ground.drain();
        assertThat(second.problem)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(ground.frontier(0)).isEqualTo(before);
        goesOn(ground, LARGE, "after it could not be read");
    }

    @Test
    void aJournalWhoseFlushFailedSaysThatItTakesNoMoreUntilTheNextStart() throws IOException {
        JournalGround ground = start(LARGE);
        live(ground, LARGE);
        disk.failNext(SimulatedDisk.Call.FLUSH, 0);
        for (int i = 0; i < 4; i++) {
            Change change = ground.change(0);
            ground.drain();
            assertThat(change.problem)
                    .as("change %d", i)
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_FAILED));
        }
        disk.crash();
        JournalGround next = start(LARGE);
        next.drain();
        check(next, LARGE, true, "after a flush failed");
        goesOn(next, LARGE, "after a flush failed");
    }

    /// After a start some have not asked for their cursors yet: a journal that began anew then
    /// would not have them.
    @Test
    void aJournalDoesNotBeginAnewBeforeAllCursorsAreThere() throws IOException {
        Size large = new Size(1, 2, 32 << 20);
        JournalGround ground = start(large);
        live(ground, large);
        disk.crashProcess();

        Size one = new Size(1, 1, 600);
        JournalGround starting = start(one);
        starting.ownerOf(0).isComplete = false;
        Change change = starting.change(0);
        starting.drain();
        assertThat(change.isFlushed).isTrue();
        assertThat(hasBegunAnew()).isFalse();
        disk.crash();

        JournalGround next = start(large);
        next.drain();
        check(next, large, true, "after a start that was broken off");
    }

    @Test
    void aTornTailIsCutOffAndTheJournalGoesOn() throws IOException {
        int torn = 0;
        for (int seed = 0; seed < 60; seed++) {
            begin(2000 + seed);
            JournalGround ground = start(LARGE);
            live(ground, LARGE);
            // Written, and not flushed: the flusher has no turn any more.
            for (int i = 0; i < 40; i++) {
                ground.change(0);
                ground.threads.work("shard-0");
            }
            long tried = Promises.of(promises.tried, JournalGround.id(0));
            disk.crash();
            JournalGround next = start(LARGE);
            next.drain();
            torn += next.frontier(0) < tried ? 1 : 0;
            check(next, LARGE, true, "with seed " + seed);
            goesOn(next, LARGE, "with seed " + seed);
        }
        assertThat(torn).isPositive();
    }

    @Test
    void anEntryOfWhichAPartIsMissingIsCutOff() throws IOException {
        JournalGround ground = start(LARGE);
        live(ground, LARGE);
        Path path = JournalGround.FOLDER.resolve("0.1/00000000000000000000.log");
        int end = (int) ground.ownerOf(0).journal.sizeBytes();
        long before = ground.frontier(0);
        ground.change(0);
        ground.threads.work("shard-0");
        assertThat(ground.ownerOf(0).journal.sizeBytes()).isGreaterThan(end);
        // A byte of the new entry, which nobody was told to be on disk.
        disk.damage(path, (int) ground.ownerOf(0).journal.sizeBytes() - 1, 1);
        disk.crashProcess();
        JournalGround next = start(LARGE);
        next.drain();
        assertThat(next.frontier(0)).isEqualTo(before);
        promises.tried.put(JournalGround.id(0), before);
        promises.written.put(JournalGround.id(0), before);
        goesOn(next, LARGE, "after an entry was torn");
    }

    @Test
    void closingAnswersWhoWaitsAndAllIsThereAfterwards() throws IOException {
        JournalGround ground = start(LARGE);
        ground.drain();
        Change last = ground.change(0);
        ground.close();
        assertThat(last.isAnswered()).isTrue();
        assertThat(last.problem).isNull();
        Change late = ground.change(0);
        ground.drain();
        assertThat(late.problem)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        disk.crash();
        JournalGround next = start(LARGE);
        next.drain();
        assertThat(next.frontier(0)).isEqualTo(1);
    }
}
