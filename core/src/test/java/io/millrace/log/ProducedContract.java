package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every implementation of [Log] does with the batches of producers, and for those who read
/// batches.
public abstract class ProducedContract {
    private static final int PRODUCER = 9;

    private Log log;

    /// Opens the log of this test, which is the same one each time within a test.
    protected abstract Log open(LogConfig config) throws IOException;

    @BeforeEach
    void openSmall() throws IOException {
        log = open(LogContract.SMALL);
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void reopen(LogConfig config) throws IOException {
        log.close();
        log = open(config);
    }

    private long produce(Produced.By by, SimpleRecord... records) {
        CompressionType type = CompressionType.forId((int) (log.endOffset() % 5));
        long offset = log.append(Produced.batch(type, by, List.of(records)));
        log.flush();
        return offset;
    }

    private long produce(SimpleRecord... records) {
        return produce(Produced.By.ANYONE, records);
    }

    private static SimpleRecord record(long time, String value) {
        return Produced.record(time, null, value);
    }

    @Test
    void producedBatchesComeBackBesideOthers() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            assertThat(produce(record(500 - i, "p" + i), record(7, "q" + i))).isEqualTo(3L * i);
            log.append(Bodies.values("own" + i), 1000 + i);
            expected.addAll(List.of((500 - i) + "p" + i, "7q" + i, (1000 + i) + "own" + i));
        }
        log.flush();
        assertThat(all()).isEqualTo(expected);
        reopen(LogContract.SMALL);
        assertThat(all()).isEqualTo(expected);
        assertThat(log.endOffset()).isEqualTo(180);
    }

    @Test
    void aProducersTimeRaisesNobodyElses() throws IOException {
        log.append(Bodies.values("a"), 100);
        produce(record(9999, "later"));
        reopen(LogContract.SMALL);
        assertThat(log.lastTimestampMillis()).isEqualTo(100);
        log.append(Bodies.values("b"), 200);
        log.flush();
        assertThat(all()).containsExactly("100a", "9999later", "200b");
    }

    @Test
    void timesAreFoundThoughTheyAreNotInOrder() throws IOException {
        long[] times = LongStream.range(0, 150).map(i -> 1000 + i * 7919 % 151 - i / 3).toArray();
        for (int i = 0; i < times.length; i += 3) {
            produce(record(times[i], "a"), record(times[i + 1], "b"), record(times[i + 2], "c"));
        }
        checkTimes(times, 0);
        reopen(LogContract.SMALL);
        checkTimes(times, 0);
        log.deleteBefore(77);
        checkTimes(times, 77);
    }

    private void checkTimes(long[] times, int start) {
        for (long time = 940; time < 1160; time += 3) {
            int first = start;
            while (first < times.length && times[first] < time) {
                first++;
            }
            assertThat(log.offsetAt(time)).as("time %d", time).isEqualTo(first);
            assertThat(log.at(time, 150))
                    .isEqualTo(
                            first == 150 ? TimedOffset.NONE : new TimedOffset(first, times[first]));
        }
        int latest = start;
        for (int i = start; i < times.length; i++) {
            latest = times[i] > times[latest] ? i : latest;
        }
        assertThat(log.latest(150)).isEqualTo(new TimedOffset(latest, times[latest]));
    }

    @Test
    void whatIsHiddenIsNotReadButFetched() throws IOException {
        log.append(Bodies.values("a", "b"), 1);
        long begin = produce(Produced.By.transaction(PRODUCER, 0), record(5, "c"), record(6, "d"));
        log.hideFrom(begin);
        log.append(Bodies.values("e"), 2);
        log.flush();
        assertThat(log.readableOffset()).isEqualTo(2);
        assertThat(log.storedOffset()).isEqualTo(5);
        assertThat(all()).containsExactly("1a", "1b");
        assertThat(log.read(2, 100).isEmpty()).isTrue();
        assertThatThrownBy(() -> log.read(3, 100)).isInstanceOf(MillraceException.class);
        assertThat(log.offsetAt(3)).isEqualTo(2);
        assertThat(log.at(3, log.readableOffset())).isEqualTo(TimedOffset.NONE);
        assertThat(log.at(3, log.storedOffset())).isEqualTo(new TimedOffset(2, 5));
        assertThat(fetched(0, 10_000, log.readableOffset())).containsExactly(0L, 1L);
        assertThat(fetched(0, 10_000, Long.MAX_VALUE)).containsExactly(0L, 1L, 2L, 3L, 4L);
        log.hideFrom(Long.MAX_VALUE);
        assertThat(all()).containsExactly("1a", "1b", "5c", "6d", "2e");
    }

    @Test
    void abortedBatchesAndMarkersAreLeftOut() {
        log.leaveOut((producer, offset) -> producer == PRODUCER && offset < 4);
        produce(Produced.By.transaction(PRODUCER, 0), record(1, "gone"), record(99, "too"));
        log.append(Bodies.values("own"), 10);
        log.append(Produced.marker(PRODUCER, false, 3));
        long kept = produce(Produced.By.transaction(PRODUCER, 2), record(4, "kept"));
        log.append(Produced.marker(PRODUCER, true, 98));
        log.flush();
        assertThat(kept).isEqualTo(4);
        assertThat(log.readableOffset()).isEqualTo(6);
        assertThat(all()).containsExactly("10own", "4kept");
        assertThat(log.latest(6)).isEqualTo(new TimedOffset(2, 10));
        assertThat(log.at(50, 6)).isEqualTo(TimedOffset.NONE);
    }

    @Test
    void headersTellOfProducersAndTransactions() throws IOException {
        log.append(Bodies.values("own"), 1);
        produce(Produced.By.idempotent(3, 17), record(4, "a"), record(2, "b"));
        produce(Produced.By.transaction(PRODUCER, 5), record(6, "c"));
        log.append(Produced.marker(PRODUCER, true, 8));
        log.append(Produced.marker(PRODUCER, false, 9));
        List<String> expected =
                List.of(
                        "0-1 producer -1",
                        "1-3 producer 3/0 from 17 at 4",
                        "3-4 producer 9/0 from 5 at 6 transactional",
                        "4-5 producer 9 commits by 7",
                        "5-6 producer 9 aborts by 7");
        assertThat(headers(0)).as("also what is not flushed").isEqualTo(expected);
        reopen(LogContract.SMALL);
        assertThat(headers(0)).isEqualTo(expected);
        assertThat(headers(2)).isEqualTo(expected.subList(1, 5));
        assertThat(headers(5)).isEqualTo(expected.subList(4, 5));
        assertThat(headers(6)).isEmpty();
    }

    private List<String> headers(long from) {
        List<String> headers = new ArrayList<>();
        log.forEachBatch(from, batch -> headers.add(text(batch)));
        return headers;
    }

    private static String text(StoredBatch batch) {
        String place =
                "%d-%d producer %d"
                        .formatted(batch.baseOffset(), batch.endOffset(), batch.producerId());
        StoredBatch.Marker marker = batch.marker();
        if (marker != null) {
            String what = marker.isCommit() ? "commits" : "aborts";
            return "%s %s by %d".formatted(place, what, marker.coordinatorEpoch());
        }
        if (batch.producerId() < 0) {
            return place;
        }
        return "%s/%d from %d at %d%s"
                .formatted(
                        place,
                        batch.producerEpoch(),
                        batch.baseSequence(),
                        batch.maxTimestampMillis(),
                        batch.isTransactional() ? " transactional" : "");
    }

    @Test
    void whatIsDeletedStaysDeleted() throws IOException {
        for (int i = 0; i < 100; i++) {
            produce(record(1000 + i, "a" + i), record(1000 + i, "b" + i));
        }
        long size = log.sizeBytes();
        log.deleteBefore(101);
        log.deleteBefore(50);
        assertThat(log.startOffset()).isEqualTo(101);
        assertThat(all()).hasSize(99).startsWith("1050b50", "1051a51");
        assertThatThrownBy(() -> log.read(100, 100))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
        assertThat(fetched(101, 1, Long.MAX_VALUE)).containsExactly(100L, 101L);
        assertThat(log.clean(2000)).isPositive();
        assertThat(log.sizeBytes()).isLessThan(size * 6 / 10);
        assertThat(log.startOffset()).isEqualTo(101);
        reopen(LogContract.SMALL);
        assertThat(log.startOffset()).isEqualTo(101);
        assertThat(all()).hasSize(99).startsWith("1050b50", "1051a51");
        assertThatThrownBy(() -> log.deleteBefore(201))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
        log.deleteBefore(200);
        assertThat(log.readableOffset()).isEqualTo(200);
        assertThat(log.latest(200)).isEqualTo(TimedOffset.NONE);
        log.clean(2000);
        assertThat(log.sizeBytes()).isZero();
        reopen(LogContract.SMALL);
        assertThat(log.startOffset()).isEqualTo(200);
        assertThat(produce(record(1, "next"))).isEqualTo(200);
        assertThat(all()).containsExactly("1next");
    }

    @Test
    void regionsHaveWholeBatchesUpToTheirLimit() throws IOException {
        for (int i = 0; i < 80; i++) {
            produce(record(i, "a".repeat(i)), record(i, "b"), record(i, "c"));
        }
        for (int round = 0; round < 2; round++) {
            for (long from = 0; from < 240; from++) {
                long first = from / 3 * 3;
                assertThat(fetched(from, 1, Long.MAX_VALUE))
                        .containsExactly(first, first + 1, first + 2);
                for (long limit = first + 3; limit <= 240; limit += 24) {
                    List<Long> found = fetched(from, 600, limit);
                    assertThat(found).startsWith(first).doesNotContain(limit);
                }
                assertThat(fetched(from, 600, first)).isEmpty();
            }
            assertThat(fetched(240, 100, Long.MAX_VALUE)).isEmpty();
            reopen(LogContract.SMALL);
        }
        assertThatThrownBy(() -> log.region(241, 100, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }

    @Test
    void aRegionOutlivesItsSegment() throws IOException {
        for (int i = 0; i < 50; i++) {
            produce(record(i, "value " + i));
        }
        try (LogRegion region = log.region(0, 400, Long.MAX_VALUE)) {
            log.deleteBefore(50);
            log.clean(100);
            ByteBuffer part = ByteBuffer.allocate(1000);
            region.read(part, 61);
            assertThat(part.position()).isEqualTo(region.size() - 61);
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            WritableByteChannel channel = Channels.newChannel(target);
            for (long at = 0; at < region.size(); ) {
                at += region.transferTo(at, channel);
            }
            assertThat(region.transferTo(region.size(), channel)).isZero();
            assertThat(ByteBuffer.wrap(target.toByteArray(), 61, target.size() - 61))
                    .isEqualTo(part.flip());
        }
    }

    @Test
    void compactionKeepsTheLatestOfWhatProducersWrote() throws IOException {
        reopen(LogContract.COMPACTED);
        log.leaveOut((_, offset) -> offset == 90);
        for (int i = 0; i < 90; i += 3) {
            SimpleRecord[] records = {
                keyed(i, i % 9), keyed(i + 1, i % 9 + 1), keyed(i + 2, i % 9 + 2)
            };
            produce(Produced.By.idempotent(i < 30 ? 1 : 2, i), records);
        }
        produce(Produced.By.transaction(PRODUCER, 0), keyed(90, 0), keyed(91, 9));
        log.append(Produced.marker(PRODUCER, false, 1000));
        long open = produce(Produced.By.transaction(PRODUCER, 2), keyed(93, 1));
        log.hideFrom(open);
        for (int i = 94; i < 130; i++) {
            produce(keyed(i, 2));
        }
        assertThat(log.clean(2000)).isPositive();
        checkCompacted();
        reopen(LogContract.COMPACTED);
        log.leaveOut((_, offset) -> offset == 90);
        log.hideFrom(open);
        checkCompacted();
        assertThat(headers(0))
                .as("the latest of each producer")
                .contains(
                        "27-30 producer 1/0 from 27 at 1029",
                        "87-90 producer 2/0 from 87 at 1089",
                        "92-93 producer 9 aborts by 7",
                        "93-94 producer 9/0 from 2 at 1093 transactional")
                .doesNotContain("24-27 producer 1/0 from 24 at 1026");
        log.hideFrom(Long.MAX_VALUE);
        log.clean(2000);
        log.clean(2000);
        assertThat(all()).contains("1093value 93").doesNotContain("1082value 82");
    }

    private void checkCompacted() throws IOException {
        List<String> left = all();
        for (int key = 0; key < 9; key++) {
            int offset = 81 + key;
            assertThat(left).contains((1000 + offset) + "value " + offset);
        }
        assertThat(left).hasSizeLessThan(30).doesNotContain("1090value 90", "1091value 91");
        List<Long> fetched = new ArrayList<>();
        for (long offset = 0; offset < log.storedOffset(); ) {
            try (LogRegion region = log.region(offset, 300, Long.MAX_VALUE)) {
                for (RecordBatch batch : batches(region)) {
                    batch.forEach(record -> fetched.add(record.offset()));
                    offset = batch.nextOffset();
                }
            }
        }
        assertThat(fetched).isSorted().contains(93L, 129L);
    }

    private static SimpleRecord keyed(int offset, int key) {
        return Produced.record(1000 + offset, "key" + key, "value " + offset);
    }

    private List<Long> fetched(long from, int bytesMax, long limit) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (LogRegion region = log.region(from, bytesMax, limit)) {
            for (RecordBatch batch : batches(region)) {
                batch.forEach(record -> offsets.add(record.offset()));
            }
        }
        return offsets;
    }

    private static Iterable<? extends RecordBatch> batches(LogRegion region) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(region.size());
        region.read(bytes, 0);
        assertThat(bytes.hasRemaining()).isFalse();
        List<RecordBatch> batches = new ArrayList<>();
        for (RecordBatch batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
            batch.ensureValid();
            batches.add(batch);
        }
        return batches;
    }

    /// Times and values of all that can be read.
    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (long offset = log.startOffset(); offset < log.readableOffset(); ) {
            LogSlice slice = log.read(offset, 300);
            slice.forEach(r -> all.add(r.timestampMillis() + text(r.value())));
            assertThat(slice.nextOffset()).isGreaterThan(offset);
            offset = slice.nextOffset();
        }
        return all;
    }

    private static String text(@Nullable Bytes bytes) {
        return bytes == null ? "null" : bytes.toUtf8();
    }
}
