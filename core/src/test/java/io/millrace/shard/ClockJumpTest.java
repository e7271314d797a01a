package io.millrace.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A clock that is set forward or back must not cost events, their order, or the way to find them.
final class ClockJumpTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final LogConfig KEPT_A_WEEK =
            new LogConfig(
                    Durability.SYNCED,
                    1 << 20,
                    Duration.ofHours(1),
                    Duration.ofDays(7),
                    null,
                    false,
                    Duration.ofDays(1));
    private static final Context CONTEXT = Context.of("/a");

    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final Flusher flusher = new Flusher("flusher");
    private final Cleaner cleaner = new Cleaner("cleaner");

    /// What live readers are told of each event.
    private final List<Long> told = new ArrayList<>();

    private final Shard shard =
            new Shard(
                    "shard",
                    clock,
                    List.of(flusher),
                    append -> told.add(append.recordedMillis()),
                    ShardConfig.DEFAULT);
    private final long start = clock.epochMillis();
    private Log log;
    private Partition partition;

    @BeforeEach
    void open() throws IOException {
        log = new FileLogs(disk, clock).open(Path.of("/data/0"), KEPT_A_WEEK).log();
        partition =
                new Partition(new StreamId("s", 1), 0, log, Durability.SYNCED, new ReadSignal());
    }

    private void publish() {
        Event event = Event.builder().id("1").source("/s").type("t").build();
        Append.Entry entry =
                new Append.Entry(CONTEXT, event, EventRecords.encode(event, CONTEXT, false));
        List<String> answers = new ArrayList<>();
        Append.Reply reply =
                new Append.Reply() {
                    @Override
                    public void stored(Append append, long baseOffset) {
                        answers.add("stored");
                    }

                    @Override
                    public void failed(Append append, MillraceException problem) {
                        answers.add(problem.toString());
                    }
                };
        shard.offer(new Append(partition, List.of(entry), reply));
        work();
        assertThat(answers).containsExactly("stored");
    }

    private void work() {
        while (shard.doWork() + flusher.doWork() + cleaner.doWork() > 0) {
            // Until nothing is left.
        }
    }

    private void clean() {
        shard.run(() -> shard.clean(partition, cleaner));
        work();
    }

    private List<Long> recorded() {
        List<Long> recorded = new ArrayList<>();
        for (long offset = log.startOffset(); offset < log.readableOffset(); ) {
            var slice = log.read(offset, 1 << 20);
            slice.forEach(record -> recorded.add(record.timestampMillis()));
            offset = slice.nextOffset();
        }
        return recorded;
    }

    @Test
    void afterAJumpBackTimesStayInOrder() throws IOException {
        publish();
        clock.jump(-HOUR);
        publish();
        clock.advance(HOUR / 2);
        publish();
        clock.advance(HOUR);
        publish();
        assertThat(recorded()).containsExactly(start, start, start, start + HOUR / 2);
        // Readers of live events and of history hear the same.
        assertThat(told).isEqualTo(recorded());
        assertThat(partition.lastRecordedMillis()).isEqualTo(start + HOUR / 2);
        assertThat(log.offsetAt(start - HOUR)).isZero();
        assertThat(log.offsetAt(start)).isZero();
        assertThat(log.offsetAt(start + 1)).isEqualTo(3);
        assertThat(log.offsetAt(start + HOUR)).isEqualTo(4);
    }

    @Test
    void timesStayInOrderOverARestartWithAClockBehind() throws IOException {
        publish();
        log.close();
        clock.jump(-DAY);
        open();
        publish();
        assertThat(recorded()).containsExactly(start, start);
    }

    @Test
    void afterAJumpForwardTimesAreFound() {
        publish();
        clock.jump(DAY);
        publish();
        clock.jump(-DAY);
        clock.advance(HOUR);
        publish();
        assertThat(recorded()).containsExactly(start, start + DAY, start + DAY);
        assertThat(told).isEqualTo(recorded());
        assertThat(log.offsetAt(start + 1)).isEqualTo(1);
        assertThat(log.offsetAt(start + DAY)).isEqualTo(1);
        assertThat(log.offsetAt(start + DAY + 1)).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetForwardByMistakeDeletesNothing() {
        publish();
        clean();
        clock.jump(300 * DAY);
        clean();
        clock.advance(HOUR);
        clean();
        assertThat(recorded()).containsExactly(start);
        clock.jump(-300 * DAY);
        clock.advance(2 * DAY);
        clean();
        assertThat(recorded()).containsExactly(start);
        clock.advance(5 * DAY);
        clean();
        assertThat(recorded()).isEmpty();
        assertThat(log.readableOffset()).isEqualTo(1);
    }

    @Test
    void aClockThatStaysForwardIsBelievedAfterADay() {
        publish();
        clock.jump(8 * DAY);
        clean();
        assertThat(recorded()).hasSize(1);
        clock.advance(DAY);
        clean();
        assertThat(recorded()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackDeletesNothing() {
        publish();
        clock.jump(-30 * DAY);
        clean();
        assertThat(recorded()).hasSize(1);
    }
}
