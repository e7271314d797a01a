package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schedule.CatchUp.Due;
import io.millrace.schedule.CatchUp.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CatchUpTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Timetable HOURLY = new Every(Duration.ofHours(1), Instant.EPOCH);

    @Test
    void whatIsOnTimeFiresUnderEveryPolicy() {
        for (Policy policy : Policy.values()) {
            assertThat(new CatchUp(policy, 3).due(HOURLY, at("11:00"), at("12:00").plusMillis(4)))
                    .isEqualTo(new Due(List.of(NOON), false, at("13:00")));
            assertThat(new CatchUp(policy, 3).due(HOURLY, at("12:00"), at("12:59")))
                    .isEqualTo(new Due(List.of(), false, at("13:00")));
        }
    }

    @Test
    void missedTimesFollowThePolicy() {
        Instant served = at("07:00");
        Instant now = at("12:30");
        assertThat(new CatchUp(Policy.SKIP, 3).due(HOURLY, served, now))
                .isEqualTo(new Due(List.of(), true, at("13:00")));
        assertThat(new CatchUp(Policy.SKIP, 3).due(HOURLY, served, NOON))
                .isEqualTo(new Due(List.of(NOON), true, at("13:00")));
        assertThat(new CatchUp(Policy.ONCE, 3).due(HOURLY, served, now))
                .isEqualTo(new Due(List.of(NOON), true, at("13:00")));
        assertThat(new CatchUp(Policy.ALL, 3).due(HOURLY, served, now))
                .isEqualTo(new Due(List.of(at("10:00"), at("11:00"), NOON), true, at("13:00")));
        assertThat(new CatchUp(Policy.ALL, 5).due(HOURLY, served, now).passedOver()).isFalse();
    }

    @Test
    void singleTimesAreMadeUpForAndEnd() {
        Once once = new Once(NOON);
        assertThat(new CatchUp(Policy.ONCE, 1).due(once, at("07:00"), at("23:00")))
                .isEqualTo(new Due(List.of(NOON), false, null));
        assertThat(new CatchUp(Policy.SKIP, 1).due(once, at("07:00"), at("23:00")))
                .isEqualTo(new Due(List.of(), true, null));
        assertThat(once.next(NOON)).isNull();
        assertThat(once.next(NOON.minusNanos(1))).isEqualTo(NOON);
    }

    @Test
    void aClockThatIsSetBackFiresNothingTwice() {
        assertThat(new CatchUp(Policy.ALL, 9).due(HOURLY, NOON, at("08:30")))
                .isEqualTo(new Due(List.of(), false, at("13:00")));
    }

    @Test
    void aDenseTimetableIsNotWalkedThroughFromTheBeginning() {
        Cron everySecond = Cron.of("* * * * * *", ZoneOffset.UTC);
        Due due = new CatchUp(Policy.ALL, 1000).due(everySecond, Instant.EPOCH, NOON);
        assertThat(due.times()).hasSize(1000).last().isEqualTo(NOON);
        assertThat(due.times().getFirst()).isEqualTo(NOON.minusSeconds(999));
        assertThat(due.passedOver()).isTrue();
    }

    /// Against walking through everything.
    @Test
    void allGivesTheLatestOfAll() {
        long seed = System.nanoTime();
        System.out.println("seed of CatchUpTest: " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Timetable timetable =
                    random.nextBoolean()
                            ? Cron.of(
                                    random.nextInt(60) + " */" + (1 + random.nextInt(9)) + " * * *",
                                    ZoneOffset.UTC)
                            : new Every(
                                    Duration.ofSeconds(1 + random.nextInt(90_000)),
                                    NOON.minusSeconds(random.nextInt(900_000)));
            Instant served = NOON.minusSeconds(random.nextInt(900_000));
            int max = 1 + random.nextInt(20);
            List<Instant> all = new ArrayList<>();
            for (Instant t = timetable.next(served); t != null && !t.isAfter(NOON); ) {
                all.add(t);
                t = timetable.next(t);
            }
            Due due = new CatchUp(Policy.ALL, max).due(timetable, served, NOON);
            assertThat(due.times())
                    .as("seed %d, %s", seed, timetable)
                    .isEqualTo(all.subList(Math.max(0, all.size() - max), all.size()));
            assertThat(due.passedOver()).isEqualTo(all.size() > max);
        }
    }

    @Test
    void intervalsDoNotDrift() {
        Every every = new Every(Duration.ofSeconds(7), Instant.parse("2026-01-01T00:00:03Z"));
        assertThat(every.next(Instant.EPOCH)).isEqualTo("2026-01-01T00:00:03Z");
        assertThat(every.next(Instant.parse("2026-01-01T00:00:03Z")))
                .isEqualTo("2026-01-01T00:00:10Z");
        assertThat(every.next(Instant.parse("2026-01-01T00:00:09.999Z")))
                .isEqualTo("2026-01-01T00:00:10Z");
        assertThat(every.next(Instant.parse("2126-01-01T00:00:00Z")))
                .isBetween(
                        Instant.parse("2126-01-01T00:00:00.001Z"),
                        Instant.parse("2126-01-01T00:00:07Z"));
        assertThat(every.next(Instant.MAX)).isNull();
        assertThat(every.next(Timetable.LAST.minusSeconds(1))).isNull();
        assertThatThrownBy(() -> new Every(Duration.ofMillis(999), NOON))
                .hasMessage("must be a duration from 1s to 3660d");
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-01T" + time + ":00Z");
    }
}
