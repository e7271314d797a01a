package io.millrace.query.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.query.source.EventClock.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The time of a partition follows from its records.
class EventClockTest {
    private static final EventClock.Rules RULES = new EventClock.Rules(10, 100, 50, 1_000);

    private static Verdict observe(EventClock clock, long time, long recorded) {
        return clock.observe(time, recorded, EventClock.NONE);
    }

    @Test
    void whatIsBehindTheWatermarkIsLate() {
        EventClock clock = new EventClock(RULES);
        assertThat(observe(clock, 1_000, 1_000)).isEqualTo(Verdict.IN_TIME);
        assertThat(clock.watermark()).isEqualTo(990);
        assertThat(observe(clock, 990, 1_001)).isEqualTo(Verdict.IN_TIME);
        assertThat(observe(clock, 989, 1_002)).isEqualTo(Verdict.CORRECTS);
        assertThat(observe(clock, 940, 1_003)).isEqualTo(Verdict.CORRECTS);
        assertThat(observe(clock, 939, 1_004)).isEqualTo(Verdict.LATE);
        assertThat(clock.watermark()).isEqualTo(990);
    }

    @Test
    void anEventAheadOfTheClockMovesNothing() {
        EventClock clock = new EventClock(RULES);
        observe(clock, 1_000, 1_000);
        assertThat(observe(clock, 2_002, 1_001)).isEqualTo(Verdict.AHEAD);
        assertThat(clock.watermark()).isEqualTo(990);
        assertThat(observe(clock, 2_002, 1_002)).isEqualTo(Verdict.IN_TIME);
    }

    @Test
    void whileNothingIsRecordedTimeGoesOnBehindTheIdleTime() {
        EventClock clock = new EventClock(RULES);
        observe(clock, 1_000, 5_000);
        clock.advance(5_100);
        assertThat(clock.watermark()).isEqualTo(990);
        clock.advance(5_101);
        assertThat(clock.watermark()).isEqualTo(991);
        clock.advance(6_100);
        assertThat(clock.watermark()).isEqualTo(1_990);
        // Of events that were recorded without a pause, nobody is late for that.
        assertThat(observe(clock, 1_989, 6_101)).isEqualTo(Verdict.CORRECTS);
    }

    @Test
    void aPartitionThatWasSilentFromTheStartIsBoundByWhatWasEmitted() {
        EventClock clock = new EventClock(RULES);
        assertThat(clock.observe(100, 5_000, 500)).isEqualTo(Verdict.LATE);
        assertThat(clock.observe(500, 5_000, 500)).isEqualTo(Verdict.IN_TIME);
    }

    /// Looking at the clock in between changes no verdict, nor does going on from a checkpoint: so
    /// history gives what live events gave.
    @Test
    void historyIsJudgedAsLiveEventsAre() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            EventClock live = new EventClock(RULES);
            EventClock history = new EventClock(RULES);
            List<Verdict> then = new ArrayList<>();
            List<Verdict> now = new ArrayList<>();
            long recorded = 1_000;
            for (int i = 0; i < 200; i++) {
                long pause = random.nextInt(5) == 0 ? random.nextInt(400) : random.nextInt(5);
                for (long look = recorded; look <= recorded + pause; look += 20) {
                    live.advance(look);
                }
                recorded += pause;
                long time = recorded - random.nextInt(300) + (random.nextInt(30) == 0 ? 1_500 : 0);
                then.add(observe(live, time, recorded));
                now.add(observe(history, time, recorded));
                if (random.nextInt(10) == 0) {
                    history = new EventClock(RULES, history.state());
                }
            }
            assertThat(now).as("seed %d", seed).isEqualTo(then);
        }
    }
}
