package io.millrace.schedule;

import static io.millrace.schedule.ScheduleHarness.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.schedule.ScheduleHarness.Fire;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScheduleRunnerTest {
    private static final Every HOURLY = new Every(Duration.ofHours(1), Instant.EPOCH);

    private final ScheduleHarness harness = new ScheduleHarness();

    /// Full hours since the harness began, which is a full hour.
    private final Instant begin = harness.now();

    private Instant hour(int number) {
        return begin.plus(Duration.ofHours(number));
    }

    @Test
    void timesFireInTheirMillisecond() {
        Instant anchor = begin.plusMillis(1_777);
        harness.runner.put(schedule(new Every(Duration.ofMillis(2_003), anchor)), null);
        harness.pass(Duration.ofSeconds(10), 1);
        assertThat(harness.tried).hasSize(5).allMatch(fire -> fire.atMillis() == fire.dueMillis());
        assertThat(harness.firedTimes())
                .containsExactlyElementsOf(
                        IntStream.range(0, 5)
                                .mapToObj(i -> anchor.plusMillis(2_003L * i))
                                .toList());
        ScheduleStatus status = harness.status("clock");
        assertThat(status.last()).isEqualTo(anchor.plusMillis(8_012));
        assertThat(status.next()).isEqualTo(anchor.plusMillis(10_015));
        assertThat(status.lastProblem()).isNull();
        assertThat(status.waiting()).isZero();
    }

    @Test
    void aTimeBetweenTwoMillisecondsFiresAfterItAndOnce() {
        Instant between = begin.plusSeconds(1).plusNanos(1);
        harness.runner.put(schedule(new Once(between)), null);
        harness.pass(Duration.ofSeconds(3), 1);
        Fire fire = harness.fired.getFirst();
        assertThat(fire.atMillis()).isEqualTo(begin.toEpochMilli() + 1_001);
        assertThat(fire.dueMillis()).isEqualTo(begin.toEpochMilli() + 1_001);
        harness.restart();
        harness.runner.put(schedule(new Once(between)), harness.recorded.get("clock"));
        harness.pass(Duration.ofSeconds(3));
        assertThat(harness.fired).hasSize(1);
        assertThat(harness.status("clock").next()).isNull();
    }

    @Test
    void whatFiresAgainAfterACrashIsTheSameEvent() {
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(1));
        ScheduleProgress before = harness.recorded.get("clock");
        assertThat(before).isEqualTo(new ScheduleProgress(begin.toEpochMilli(), null));
        harness.pass(Duration.ofHours(1));
        harness.restart();
        harness.runner.put(schedule(HOURLY), before);
        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.fired)
                .extracting(Fire::id)
                .containsExactly("clock@" + hour(1), "clock@" + hour(1));
    }

    @Test
    void aClockThatIsSetForwardIsNoticed() {
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(59));
        harness.clock.jump(Duration.ofMinutes(1).toMillis());
        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.firedTimes()).containsExactly(hour(1));
        harness.clock.jump(Duration.ofHours(5).toMillis());
        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.firedTimes()).containsExactly(hour(1), hour(6));
    }

    @Test
    void aClockThatIsSetBackALittleFiresNothingTwice() {
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(130));
        harness.clock.jump(-Duration.ofMinutes(100).toMillis());
        harness.pass(Duration.ofMinutes(140));
        assertThat(harness.now()).isEqualTo(begin.plus(Duration.ofMinutes(170)));
        assertThat(harness.firedTimes()).containsExactly(hour(1), hour(2));
        harness.pass(Duration.ofMinutes(10));
        assertThat(harness.firedTimes()).containsExactly(hour(1), hour(2), hour(3));
    }

    @Test
    void aClockThatIsCorrectedCountsAtOnce() {
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(10));
        harness.clock.jump(Duration.ofDays(365).toMillis());
        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.fired).hasSize(1);
        harness.clock.jump(-Duration.ofDays(365).toMillis());
        harness.pass(Duration.ofMinutes(60));
        assertThat(harness.firedTimes()).hasSize(2).last().isEqualTo(hour(1));
        harness.clock.jump(Duration.ofDays(365).toMillis());
        harness.pass(Duration.ofSeconds(1));
        harness.clock.jump(-Duration.ofDays(365).toMillis());
        harness.restart();
        harness.runner.put(schedule(HOURLY), harness.recorded.get("clock"));
        harness.pass(Duration.ofMinutes(60));
        assertThat(harness.firedTimes()).last().isEqualTo(hour(2));
    }

    @Test
    void whatWaitsIsNotTriedWhileTheClockIsSetBackBehindIt() {
        harness.failure = new MillraceException(ErrorCode.OVERLOADED, "The shard is full.");
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(60));
        assertThat(harness.tried).hasSize(1);
        harness.failure = null;
        harness.clock.jump(-Duration.ofMinutes(10).toMillis());
        harness.pass(Duration.ofMinutes(10));
        assertThat(harness.tried).hasSize(2);
        assertThat(harness.fired.getFirst().atMillis()).isEqualTo(hour(1).toEpochMilli());
    }

    @Test
    void whatWaitsAheadOfACorrectedClockIsDropped() {
        harness.failure = new MillraceException(ErrorCode.OVERLOADED, "The shard is full.");
        harness.runner.put(schedule(HOURLY), null);
        harness.clock.jump(Duration.ofDays(365).toMillis());
        harness.pass(Duration.ofSeconds(1));
        harness.clock.jump(-Duration.ofDays(365).toMillis());
        harness.failure = null;
        harness.pass(Duration.ofMinutes(60));
        assertThat(harness.firedTimes()).containsExactly(hour(1));
    }

    @Test
    void whatWasPassedOverByAClockThatWasWrongComesAgain() {
        harness.runner.put(schedule(HOURLY, CatchUp.Policy.SKIP, 1), null);
        harness.pass(Duration.ofMinutes(30));
        harness.clock.jump(Duration.ofHours(2).toMillis());
        harness.pass(Duration.ofMinutes(1));
        assertThat(harness.fired).isEmpty();
        harness.clock.jump(-Duration.ofHours(2).toMillis());
        harness.pass(Duration.ofMinutes(30));
        assertThat(harness.firedTimes()).containsExactly(hour(1));
    }

    @Test
    void timesOfTheDayFollowTheZone() {
        Instant before = Instant.parse("2026-03-28T00:00:00Z");
        harness.clock.advance(before.toEpochMilli() - begin.toEpochMilli());
        Cron cron = Cron.of("30 2 * * *", ZoneId.of("Europe/Berlin"));
        harness.runner.put(schedule(cron), null);
        harness.pass(Duration.ofDays(3), 1_000);
        assertThat(harness.firedTimes())
                .containsExactly(
                        Instant.parse("2026-03-28T01:30:00Z"),
                        Instant.parse("2026-03-29T01:00:00Z"),
                        Instant.parse("2026-03-30T00:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource({"SKIP, 1, ''", "ONCE, 1, 5", "ALL, 3, 3 4 5", "ALL, 100, 1 2 3 4 5"})
    void timesOfADowntimeAreCaughtUpWithAsThePolicySays(
            CatchUp.Policy policy, int timesMax, String hours) {
        ScheduleProgress progress = new ScheduleProgress(begin.toEpochMilli(), null);
        harness.clock.advance(Duration.ofMinutes(310).toMillis());
        harness.runner.put(schedule(HOURLY, policy, timesMax), progress);
        harness.pass(Duration.ofSeconds(1));
        List<Instant> expected = new ArrayList<>();
        for (String number : hours.isEmpty() ? new String[0] : hours.split(" ", -1)) {
            expected.add(hour(Integer.parseInt(number)));
        }
        assertThat(harness.firedTimes()).isEqualTo(expected);
        harness.pass(Duration.ofMinutes(50));
        expected.add(hour(6));
        assertThat(harness.firedTimes()).isEqualTo(expected);
    }

    @Test
    void timesThatAreNotLateEnoughToBeMissedAllFire() {
        Every often = new Every(Duration.ofSeconds(10), Instant.EPOCH);
        harness.runner.put(schedule(often, CatchUp.Policy.SKIP, 1), null);
        harness.pass(Duration.ofSeconds(1));
        harness.clock.advance(49_000);
        harness.pass(Duration.ZERO);
        assertThat(harness.fired).hasSize(5);
    }

    @Test
    void aTimeThatFailsIsTriedAgainAndLaterOnesWaitBehindIt() {
        harness.failure = new MillraceException(ErrorCode.OVERLOADED, "The shard is full.");
        harness.runner.put(schedule(new Every(Duration.ofSeconds(2), Instant.EPOCH)), null);
        harness.pass(Duration.ofSeconds(6), 1);
        List<Long> attempts =
                harness.tried.stream().map(f -> f.atMillis() - begin.toEpochMilli()).toList();
        assertThat(attempts).containsExactly(2_000L, 3_000L, 5_000L);
        assertThat(harness.tried)
                .extracting(Fire::id)
                .containsOnly("clock@" + begin.plusSeconds(2));
        assertThat(harness.status("clock").lastProblem()).isEqualTo("The shard is full.");
        assertThat(harness.status("clock").last()).isNull();
        assertThat(harness.status("clock").waiting()).isEqualTo(3);
        harness.failure = null;
        harness.pass(Duration.ofSeconds(4), 1);
        assertThat(harness.firedTimes())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 5)
                                .mapToObj(i -> begin.plusSeconds(2L * i))
                                .toList());
        assertThat(harness.status("clock").lastProblem()).isNull();
        assertThat(harness.status("clock").waiting()).isZero();
    }

    @Test
    void aTargetThatAnswersLateIsNotAskedTwice() {
        List<Runnable> answers = new ArrayList<>();
        harness.answers = answers;
        harness.runner.put(schedule(new Every(Duration.ofSeconds(2), Instant.EPOCH)), null);
        harness.pass(Duration.ofSeconds(5));
        assertThat(harness.tried).hasSize(1);
        answers.removeFirst().run();
        harness.pass(Duration.ZERO);
        assertThat(harness.tried).hasSize(2);
        assertThat(harness.fired).hasSize(1);
        long time = begin.plusSeconds(2).toEpochMilli();
        assertThat(harness.recorded.get("clock")).isEqualTo(new ScheduleProgress(time, time));
    }

    @Test
    void aChangedTimetableCountsFromNowOnAndTheSameKeepsWhatWaits() {
        harness.failure = new MillraceException(ErrorCode.OVERLOADED, "The shard is full.");
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(90));
        harness.runner.put(schedule(HOURLY, CatchUp.Policy.ALL, 5), null);
        harness.pass(Duration.ZERO);
        assertThat(harness.status("clock").waiting()).isEqualTo(1);
        harness.runner.put(schedule(new Every(Duration.ofMinutes(20), Instant.EPOCH)), null);
        harness.failure = null;
        harness.pass(Duration.ofMinutes(11));
        assertThat(harness.firedTimes()).containsExactly(begin.plus(Duration.ofMinutes(100)));
    }

    @Test
    void aRemovedScheduleFiresNoMore() {
        List<Runnable> answers = new ArrayList<>();
        harness.answers = answers;
        harness.runner.put(schedule(HOURLY), null);
        harness.pass(Duration.ofMinutes(60));
        var removed = harness.runner.remove("clock");
        harness.pass(Duration.ZERO);
        assertThat(removed).isCompleted();
        harness.recorded.clear();
        answers.forEach(Runnable::run);
        harness.pass(Duration.ofHours(2));
        assertThat(harness.tried).hasSize(1);
        assertThat(harness.recorded).isEmpty();
        assertThat(harness.runner.status("clock")).isNull();
    }
}
