package io.millrace.broker;

import static io.millrace.broker.QueueGround.ids;
import static io.millrace.broker.QueueGround.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// By name what the simulation of groups, or the work on it, has shown.
final class QueueRecoveryTest {
    private static final long LARGE = 32 << 20;
    private static final int ROUNDS = 20;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// Asks until there is nothing, and nothing is said to be read any more.
    private static List<Leased> receiveAll(QueueGround ground) {
        List<Leased> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Group.Tried tried = ground.receive(100);
            all.addAll(tried.leases());
            if (tried.leases().isEmpty() && !tried.isReading()) {
                break;
            }
            ground.drain();
        }
        return all;
    }

    /// Lanes that are behind are read one after the other, so that a higher priority comes first.
    @Test
    void whoeverAsksIsToldToAskAgainAsLongAsALaneIsRead() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("low", 0), job("middle", 4), job("high", 9));
        List<Leased> first = receiveAll(ground);
        ground.settle(first, new SettleAction.Release(Duration.ZERO, false));
        ground.enqueue(job("later", 0), job("late", 4));
        ground.restart(false);

        assertThat(ids(receiveAll(ground)))
                .containsExactly("high", "middle", "late", "low", "later");
    }

    @Test
    void whatIsReadInAHigherLaneComesBeforeWhatIsReadyInALowerOne() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("low", 4));
        assertThat(ground.receive(1).isReading()).isTrue();
        ground.drain();
        // Nobody has asked for so long that new jobs are not kept at hand.
        ground.clock.advance(2_000);
        ground.enqueue(job("high", 9));

        Group.Tried tried = ground.receive(1);
        assertThat(tried.leases()).isEmpty();
        assertThat(tried.isReading()).isTrue();
        assertThat(ids(receiveAll(ground))).containsExactly("high", "low");
    }

    @Test
    void aJobThatComesWhileItsWorkerIsBusyIsAtHandWhenItAsksAgain() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("first", 4));
        assertThat(ids(receiveAll(ground))).containsExactly("first");
        ground.enqueue(job("second", 4));

        Group.Tried tried = ground.receive(1);
        assertThat(ids(tried.leases())).containsExactly("second");
    }

    /// Else every queue that somebody looks into now and then would hold memory for ever.
    @Test
    void whatWasKeptForAWorkerThatDoesNotComeBackIsLetGoAndReadAgain() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("first", 4));
        assertThat(ids(receiveAll(ground))).containsExactly("first");
        ground.enqueue(job("second", 4));
        ground.pass(Duration.ofMinutes(1));

        Group.Tried tried = ground.receive(1);
        assertThat(tried.leases()).isEmpty();
        assertThat(tried.isReading()).isTrue();
        assertThat(ids(receiveAll(ground))).containsExactly("second");
    }

    /// A lane that was made just before a crash gets its cursor with the next start, and that is
    /// written: a journal that began anew with it had none of the others.
    @Test
    void aJournalThatIsTooLargeAtTheStartKeepsTheCursorsThatComeLater() throws IOException {
        // A start allows a journal less than what it had grown to; how much that is varies.
        for (int changes = 0; changes < 30; changes++) {
            QueueGround ground = new QueueGround(changes, 500, "");
            ground.enqueue(job("a", 4), job("b", 9));
            List<Leased> leases = receiveAll(ground);
            for (int i = 0; i < changes; i++) {
                ground.settle(leases, new SettleAction.Renew(null));
            }
            ground.settle(leases, new SettleAction.Complete());
            ground.enqueue(job("c", 4));
            ground.flushCursors();
            Path anyLane = lanes(ground.disk).getFirst();
            ground.disk.createFolders(anyLane.resolveSibling("0"));

            ground.restart(false);
            assertThat(ids(receiveAll(ground))).as("%d changes", changes).containsExactly("c");
            ground.drain();
            ground.restart(false);
            assertThat(ground.group().ledger().settled()).as("%d changes", changes).isEqualTo(2);
            assertThat(ground.group().ledger().pending()).as("%d changes", changes).isEqualTo(1);
        }
    }

    private static List<Path> lanes(SimulatedDisk disk) {
        Path queues = QueueGround.DATA.resolve("queues");
        Path queue = queues.resolve(disk.list(queues).getFirst());
        return disk.list(queue).stream().map(queue::resolve).toList();
    }

    /// A buffered queue may lose jobs with the machine's power, and not those that come then.
    @Test
    void aCursorThatAPowerCutLeftAheadOfItsLogDoesNotHideTheNextJobs() throws IOException {
        int ahead = 0;
        for (int seed = 0; seed < 20; seed++) {
            QueueGround ground = new QueueGround(seed, LARGE, ",\"durability\":\"buffered\"");
            ground.drain();
            ground.enqueue(job("a", 4), job("b", 4), job("c", 4));
            ground.settle(receiveAll(ground), new SettleAction.Complete());
            ground.flushCursors();
            ground.restart(true);
            long kept = ground.group().ledger().settled();
            long end = ground.group().cursors().getFirst().partition().log().endOffset();
            ground.enqueue(job("d", 4), job("e", 4), job("f", 4), job("g", 4));
            List<String> ids = ids(receiveAll(ground));
            assertThat(ids).as("seed %d", seed).contains("d", "e", "f", "g");
            ahead += kept == 3 && end < 3 ? 1 : 0;
        }
        assertThat(ahead).as("lives in which the cursor was ahead").isPositive();
    }

    /// What cuts the cursor back has to be on disk before the next jobs come.
    @ParameterizedTest
    @EnumSource(SimulatedDisk.Call.class)
    void aStartThatFailsWhileItCutsACursorBackHidesNoJobsEither(SimulatedDisk.Call call)
            throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            QueueGround ground = new QueueGround(seed, LARGE, ",\"durability\":\"buffered\"");
            ground.drain();
            ground.enqueue(job("a", 4), job("b", 4), job("c", 4));
            ground.settle(receiveAll(ground), new SettleAction.Complete());
            ground.flushCursors();
            ground.restart(call, seed);
            ground.enqueue(job("d", 4), job("e", 4), job("f", 4), job("g", 4));
            assertThat(ids(receiveAll(ground))).as("seed %d", seed).contains("d", "e", "f", "g");
        }
    }

    @Test
    void theDuplicateWindowDoesNotCountTheTimeInWhichTheServerWasDown() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, ",\"duplicateWindow\":\"60s\"");
        ground.enqueue(job("a", 4));
        ground.close();
        ground.clock.advance(Duration.ofHours(3).toMillis());
        ground.restart(false);

        assertThat(ground.enqueue(job("a", 4)).getFirst().duplicate()).isTrue();
        ground.pass(Duration.ofSeconds(61));
        assertThat(ground.enqueue(job("a", 4)).getFirst().duplicate()).isFalse();
    }

    @Test
    void aJobThatCannotBeReadNowIsGivenOutWhenItCan() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("a", 4));
        ground.settle(receiveAll(ground), new SettleAction.Release(Duration.ZERO, false));
        ground.enqueue(job("b", 4));
        ground.restart(false);
        Path file = file(ground.disk, 4);
        ground.disk.unreadable(file, true);
        assertThat(ids(receiveAll(ground))).isEmpty();
        ground.pass(SECOND);
        assertThat(ids(receiveAll(ground))).isEmpty();

        ground.disk.unreadable(file, false);
        ground.pass(SECOND);
        assertThat(ids(receiveAll(ground))).containsExactly("a", "b");
        assertThat(ground.group().ledger().expired()).isZero();
    }

    private static Path file(SimulatedDisk disk, int lane) {
        for (Path folder : lanes(disk)) {
            if (folder.endsWith(Integer.toString(lane))) {
                return folder.resolve("00000000000000000000.log");
            }
        }
        throw new AssertionError("there is no lane " + lane);
    }

    /// What is read first is of a higher priority, but it may be that it cannot be read for long.
    @Test
    void aLaneThatCannotBeReadDoesNotHoldBackTheOthers() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("returned", 9), job("low", 4));
        ground.settle(receiveAll(ground), new SettleAction.Release(Duration.ZERO, false));
        ground.enqueue(job("new", 9), job("lower", 0));
        ground.restart(false);
        ground.disk.unreadable(file(ground.disk, 9), true);

        List<Leased> leases = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            leases.addAll(ground.receive(10).leases());
            ground.drain();
            ground.pass(Duration.ofMillis(300));
        }
        assertThat(ids(leases)).containsExactly("low", "lower");

        ground.disk.unreadable(file(ground.disk, 9), false);
        ground.pass(SECOND);
        assertThat(ids(receiveAll(ground))).containsExactly("returned", "new");
    }

    @Test
    void aRejectedJobWhoseLetterCannotBeStoredIsGivenOutAgain() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("a", 4));
        List<Leased> leases = receiveAll(ground);
        // The first write only makes room.
        ground.disk.failNext(SimulatedDisk.Call.WRITE, 1);
        assertThatThrownBy(() -> ground.settle(leases, new SettleAction.Reject("no")))
                .isInstanceOf(MillraceException.class);
        ground.disk.failNothing();
        ground.pass(SECOND);

        assertThat(ids(receiveAll(ground))).containsExactly("a");
        assertThat(ground.group().ledger().deadLettered()).isZero();
    }

    /// Else its publisher would let go of it, and it may never be there.
    @Test
    void aDuplicateOfAJobThatIsNotOnDiskIsNotAnsweredWithYes() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.drain();
        boolean[] isAsked = new boolean[1];
        ground.meanwhile =
                () -> {
                    if (!isAsked[0]) {
                        isAsked[0] = true;
                        ground.disk.failNext(SimulatedDisk.Call.FLUSH, 0);
                        assertThatThrownBy(() -> ground.enqueue(job("a", 4)))
                                .isInstanceOf(MillraceException.class);
                    }
                };
        assertThatThrownBy(() -> ground.enqueue(job("a", 4))).isInstanceOf(MillraceException.class);
        assertThat(isAsked[0]).isTrue();
    }

    /// What was given out is known to the journal, or it is not given out.
    @Test
    void leasesThatCouldNotBeWrittenAreTakenBack() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("a", 4));
        assertThat(ground.receive(1).isReading()).isTrue();
        ground.drain();
        ground.disk.failNext(SimulatedDisk.Call.WRITE, 0);
        assertThatThrownBy(() -> ground.receive(1)).isInstanceOf(MillraceException.class);
        assertThat(ground.group().ledger().leased()).isZero();
        assertThat(ids(receiveAll(ground))).containsExactly("a");
    }

    @Test
    void aRejectedJobThatCannotBeReadStaysAndIsBuriedWhenItCan() throws IOException {
        QueueGround ground = new QueueGround(1, LARGE, "");
        ground.enqueue(job("a", 4));
        List<Leased> leases = receiveAll(ground);
        ground.disk.unreadable(file(ground.disk, 4), true);
        assertThatThrownBy(() -> ground.settle(leases, new SettleAction.Reject("no")))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_READ_FAILED));
        ground.disk.unreadable(file(ground.disk, 4), false);
        ground.pass(SECOND);

        List<Leased> again = receiveAll(ground);
        assertThat(ids(again)).containsExactly("a");
        ground.settle(again, new SettleAction.Reject("no"));
        assertThat(ground.letters()).hasSize(1);
        assertThat(ground.group().ledger().expired()).isZero();
    }

    /// The letter is stored before the cursor lets go: what fails or crashes between the two makes
    /// it once more, and that is the same letter.
    @Test
    void aJobLeavesOneLetterHoweverOftenItIsBuried() throws IOException {
        int failed = 0;
        for (int after = 0; after < 6; after++) {
            QueueGround ground = new QueueGround(after, LARGE, "");
            ground.enqueue(job("a", 4));
            List<Leased> leases = receiveAll(ground);
            ground.disk.failNext(SimulatedDisk.Call.WRITE, after);
            try {
                ground.settle(leases, new SettleAction.Reject("no"));
            } catch (MillraceException _) {
                failed++;
            }
            ground.disk.failNothing();
            ground.restart(false);
            ground.pass(Duration.ofMinutes(6));
            List<Leased> again = receiveAll(ground);
            ground.settle(again, new SettleAction.Reject("no"));
            assertThat(ground.letters()).as("write %d failed", after).hasSize(1);
            assertThat(ground.group().ledger().deadLettered()).isEqualTo(1);
            assertThat(ground.group().ledger().pending()).isZero();
        }
        assertThat(failed).isGreaterThan(1);
    }

    /// What memory alone takes for done is not thrown away: its worker was told that it is not.
    @Test
    void aJobWhoseCompletionCouldNotBeStoredStaysInItsLog() throws IOException {
        int open = 0;
        for (int seed = 0; seed < 20; seed++) {
            QueueGround ground = new QueueGround(seed, LARGE, ",\"duplicateWindow\":\"1s\"");
            ground.enqueue(job("a", 4));
            List<Leased> leases = receiveAll(ground);
            ground.drain();
            ground.disk.failNext(SimulatedDisk.Call.FLUSH, 0);
            assertThatThrownBy(() -> ground.settle(leases, new SettleAction.Complete()))
                    .isInstanceOf(MillraceException.class);
            ground.disk.failNothing();
            for (int i = 0; i < 4; i++) {
                ground.pass(Duration.ofMinutes(11));
                ground.enqueue(job("later " + i, 4));
            }

            ground.restart(true);
            ground.pass(SECOND);
            boolean isThere = ids(receiveAll(ground)).contains("a");
            assertThat(ground.group().ledger().expired()).as("seed %d", seed).isZero();
            // What failed may be on disk all the same.
            assertThat(isThere || ground.group().ledger().settled() == 1).isTrue();
            open += isThere ? 1 : 0;
        }
        assertThat(open).isPositive();
    }
}
