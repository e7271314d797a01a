package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every implementation of [Log] does; a new one is a new subclass.
public abstract class LogContract {
    protected static final LogConfig SYNCED = LogConfig.DEFAULT;
    protected static final LogConfig BUFFERED =
            new LogConfig(
                    Durability.BUFFERED,
                    SYNCED.segmentBytes(),
                    SYNCED.segmentAge(),
                    null,
                    null,
                    false,
                    SYNCED.tombstoneRetention());

    /// Small segments, so that everything happens at their borders too.
    protected static final LogConfig SMALL =
            new LogConfig(
                    Durability.SYNCED,
                    512,
                    Duration.ofHours(1),
                    null,
                    null,
                    false,
                    Duration.ofDays(1));

    protected static final LogConfig COMPACTED =
            new LogConfig(
                    Durability.SYNCED,
                    512,
                    Duration.ofHours(1),
                    null,
                    null,
                    true,
                    Duration.ofMinutes(1));

    private Log log;

    /// Opens the log of this test, which is the same one each time within a test.
    protected abstract Log open(LogConfig config) throws IOException;

    @BeforeEach
    void openSynced() throws IOException {
        log = open(SYNCED);
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void reopen(LogConfig config) throws IOException {
        log.close();
        log = open(config);
    }

    @Test
    void aNewLogIsEmpty() {
        assertThat(log.startOffset()).isZero();
        assertThat(log.readableOffset()).isZero();
        assertThat(log.endOffset()).isZero();
        assertThat(log.read(0, 1000).isEmpty()).isTrue();
        assertThat(log.offsetAt(0)).isZero();
        assertThat(log.state()).isEqualTo(new LogState.Open());
    }

    @Test
    void recordsComeBackAsTheyWere() {
        assertThat(
                        log.append(
                                List.of(
                                        Bodies.of("k", "v"),
                                        Bodies.of(null, ""),
                                        Bodies.of("", null)),
                                7))
                .isZero();
        log.flush();
        List<String> seen = new ArrayList<>();
        log.read(0, 1000)
                .forEach(r ->
                        seen.add(
                                "%d@%d %s=%s"
                                        .formatted(
                                                r.offset(),
                                                r.timestampMillis(),
                                                text(r.key()),
                                                text(r.value()))));
        assertThat(seen).containsExactly("0@7 k=v", "1@7 null=", "2@7 =null");
    }

    private static String text(@Nullable Bytes bytes) {
        return bytes == null ? "null" : bytes.toUtf8();
    }

    @Test
    void aSyncedLogShowsWhatIsFlushed() {
        log.append(Bodies.values("a"), 1);
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.readableOffset()).isZero();
        assertThat(log.read(0, 1000).isEmpty()).isTrue();
        assertThat(log.flush()).isEqualTo(1);
        assertThat(values(0)).containsExactly("a");
    }

    @Test
    void aBufferedLogShowsWhatIsWritten() throws IOException {
        reopen(BUFFERED);
        log.append(Bodies.values("a", "b"), 1);
        assertThat(log.readableOffset()).isEqualTo(2);
        assertThat(values(1)).containsExactly("b");
    }

    @Test
    void offsetsOutsideAreRefused() {
        log.append(Bodies.values("a"), 1);
        assertCode(() -> log.read(-1, 10), ErrorCode.OFFSET_OUT_OF_RANGE);
        assertCode(() -> log.read(1, 10), ErrorCode.OFFSET_OUT_OF_RANGE);
        log.flush();
        assertThat(log.read(1, 10).isEmpty()).isTrue();
        assertCode(() -> log.read(2, 10), ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void aReadHasAtLeastOneBatchAndAtMostTheBytesAskedFor() {
        for (int i = 0; i < 10; i++) {
            log.append(Bodies.values("value " + i), 1);
        }
        log.flush();
        assertThat(log.read(3, 1).nextOffset()).isEqualTo(4);
        assertThat(log.read(3, 1 << 20).nextOffset()).isEqualTo(10);
        assertThat(log.read(3, 200).nextOffset()).isBetween(4L, 6L);
    }

    @Test
    void offsetsAndContentSurviveReopeningAndRolling() throws IOException {
        reopen(SMALL);
        List<String> expected = fill(200);
        assertThat(values(0)).isEqualTo(expected);
        reopen(SMALL);
        assertThat(log.endOffset()).isEqualTo(200);
        assertThat(values(0)).isEqualTo(expected);
        log.append(Bodies.values("more"), 5);
        log.flush();
        assertThat(values(200)).containsExactly("more");
        assertThat(values(77)).startsWith("value 77");
    }

    @Test
    void timeFindsTheFirstRecordThatIsNotEarlier() throws IOException {
        reopen(SMALL);
        fill(200);
        assertThat(log.offsetAt(0)).isZero();
        assertThat(log.offsetAt(1000)).isZero();
        assertThat(log.offsetAt(1001)).isEqualTo(1);
        assertThat(log.offsetAt(1123)).isEqualTo(123);
        assertThat(log.offsetAt(1199)).isEqualTo(199);
        assertThat(log.offsetAt(1200)).isEqualTo(200);
        reopen(SMALL);
        assertThat(log.offsetAt(1123)).isEqualTo(123);
    }

    @Test
    void aClockThatGoesBackwardsIsRaised() throws IOException {
        log.append(Bodies.values("a"), 100);
        log.append(Bodies.values("b"), 50);
        log.flush();
        reopen(SYNCED);
        log.append(Bodies.values("c"), 10);
        log.flush();
        assertThat(each(0, LogRecord::timestampMillis)).containsExactly(100L, 100L, 100L);
    }

    @Test
    void retentionByBytesDropsTheOldestSegments() throws IOException {
        reopen(SMALL);
        fill(200);
        long size = log.sizeBytes();
        assertThat(log.isOversized()).isFalse();
        log.configure(retaining(null, 2000L));
        assertThat(log.isOversized()).isTrue();
        long freed = log.clean(2000);
        assertThat(log.isOversized()).isFalse();
        assertThat(log.sizeBytes()).isEqualTo(size - freed).isBetween(2000L, 2600L);
        assertThat(log.startOffset()).isPositive();
        assertThat(values(log.startOffset())).last().isEqualTo("value 199");
        assertThat(values(log.startOffset())).first().isEqualTo("value " + log.startOffset());
        assertCode(() -> log.read(log.startOffset() - 1, 10), ErrorCode.OFFSET_OUT_OF_RANGE);
        long start = log.startOffset();
        reopen(SMALL);
        assertThat(log.startOffset()).isEqualTo(start);
        assertThat(log.endOffset()).isEqualTo(200);
    }

    @Test
    void retentionByAgeDropsWhatIsOldAndKeepsTheOffsets() throws IOException {
        reopen(SMALL);
        fill(200);
        log.configure(retaining(Duration.ofMillis(100), null));
        log.clean(1199);
        assertThat(log.startOffset()).isBetween(80L, 100L);
        log.clean(2000);
        assertThat(log.startOffset()).isEqualTo(200);
        assertThat(log.endOffset()).isEqualTo(200);
        assertThat(log.sizeBytes()).isZero();
        reopen(SMALL);
        assertThat(log.append(Bodies.values("next"), 3000)).isEqualTo(200);
    }

    @Test
    void retentionKeepsWhatIsToBeKept() throws IOException {
        reopen(SMALL);
        fill(200);
        log.configure(retaining(Duration.ofMillis(100), 1000L));
        log.keepFrom(0);
        log.clean(5000);
        assertThat(log.startOffset()).isZero();
        for (int kept = 40; kept <= 160; kept += 40) {
            long before = log.startOffset();
            log.keepFrom(kept);
            assertThat(log.clean(5000)).isPositive();
            // Whole segments only, and as many as may go.
            assertThat(log.startOffset()).isGreaterThan(before).isBetween(kept - 10L, (long) kept);
            assertThat(values(log.startOffset())).contains("value " + kept);
        }
        log.keepFrom(log.endOffset());
        log.clean(5000);
        assertThat(log.startOffset()).isEqualTo(200);
    }

    @Test
    void whatIsToBeKeptIsSaidAnewAfterOpening() throws IOException {
        reopen(SMALL);
        fill(200);
        log.configure(retaining(Duration.ofMillis(100), null));
        log.keepFrom(0);
        reopen(retaining(Duration.ofMillis(100), null));
        log.clean(5000);
        assertThat(log.startOffset()).isEqualTo(200);
    }

    @Test
    void compactionKeepsTheLatestOfEachKeyAndTheOffsets() throws IOException {
        reopen(COMPACTED);
        for (int i = 0; i < 300; i++) {
            log.append(List.of(Bodies.of("key" + i % 7, "value " + i)), 1000 + i);
        }
        log.flush();
        assertThat(log.clean(2000)).isPositive();
        List<String> left = each(0, r -> r.offset() + " " + text(r.value()));
        assertThat(left).hasSizeLessThan(30).endsWith("299 value 299");
        assertThat(each(0, r -> text(r.value()).equals("value " + r.offset()))).containsOnly(true);
        reopen(COMPACTED);
        assertThat(each(0, r -> r.offset() + " " + text(r.value()))).isEqualTo(left);
        assertThat(log.startOffset()).isZero();
        assertThat(log.append(List.of(Bodies.of("key0", "x")), 5000)).isEqualTo(300);
    }

    @Test
    void tombstonesGoAfterTheirGrace() throws IOException {
        reopen(COMPACTED);
        log.append(List.of(Bodies.of("gone", "once")), 1000);
        log.append(List.of(Bodies.of("gone", null)), 1001);
        for (int i = 0; i < 30; i++) {
            log.append(List.of(Bodies.of("stays", "value " + i)), 1002);
        }
        log.flush();
        log.clean(2000);
        assertThat(each(0, r -> text(r.key()) + "=" + text(r.value())))
                .contains("gone=null")
                .doesNotContain("gone=once");
        for (int i = 0; i < 30; i++) {
            log.append(List.of(Bodies.of("stays", "later " + i)), 70_000);
        }
        log.flush();
        log.clean(70_000);
        assertThat(each(0, r -> text(r.key()))).doesNotContain("gone");
    }

    private static LogConfig retaining(@Nullable Duration age, @Nullable Long bytes) {
        return new LogConfig(
                Durability.SYNCED,
                SMALL.segmentBytes(),
                SMALL.segmentAge(),
                age,
                bytes,
                false,
                SMALL.tombstoneRetention());
    }

    @Test
    void aBatchThatIsTooLargeIsRefusedAndChangesNothing() {
        RecordBody large = new RecordBody(new byte[65 << 20]);
        assertCode(() -> log.append(List.of(large), 1), ErrorCode.BATCH_TOO_LARGE);
        assertThat(log.endOffset()).isZero();
    }

    @Test
    void aClosedLogTakesNothing() {
        log.close();
        assertThat(log.state()).isEqualTo(new LogState.Closed());
        assertCode(() -> log.append(Bodies.values("a"), 1), ErrorCode.SHUTTING_DOWN);
    }

    /// Appends records one by one, with the times 1000, 1001, …
    private List<String> fill(int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add("value " + i);
            log.append(Bodies.values("value " + i), 1000 + i);
            if (i % 3 == 0) {
                log.flush();
            }
        }
        log.flush();
        return values;
    }

    private List<String> values(long from) {
        return each(from, r -> text(r.value()));
    }

    private <T> List<T> each(long from, Function<LogRecord, T> map) {
        List<T> all = new ArrayList<>();
        long offset = from;
        while (offset < log.readableOffset()) {
            LogSlice slice = log.read(offset, 300);
            slice.forEach(r -> all.add(map.apply(r)));
            assertThat(slice.nextOffset()).isGreaterThan(offset);
            offset = slice.nextOffset();
        }
        return all;
    }

    private static void assertCode(Runnable action, ErrorCode code) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
