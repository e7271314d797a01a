package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.batch.BatchWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kafka's own code as the judge of the format, in both directions.
final class KafkaFormatTest {
    @TempDir Path folder;

    private static final int WITNESS = 3;

    private static ByteBuffer ours() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        List<RecordBody> bodies =
                List.of(
                        Bodies.of("key", "value"),
                        Bodies.of(null, ""),
                        Bodies.of("", null),
                        Bodies.of("ключ", "x".repeat(300)));
        new BatchWriter().write(buffer, bodies, new BatchWriter.Place(42, 1_700_000_000_123L, 39));
        return buffer.flip().position(0);
    }

    private static MemoryRecords kafkas(Compression compression) {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(
                        ByteBuffer.allocate(4096),
                        RecordBatch.MAGIC_VALUE_V2,
                        compression,
                        TimestampType.CREATE_TIME,
                        42,
                        1_700_000_000_123L,
                        -1,
                        (short) -1,
                        WITNESS,
                        false,
                        0);
        append(builder, "key", "value");
        append(builder, null, "");
        append(builder, "", null);
        append(builder, "ключ", "x".repeat(300));
        return builder.build();
    }

    private static void append(
            MemoryRecordsBuilder builder, @Nullable String key, @Nullable String value) {
        builder.append(1_700_000_000_123L, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aBatchHasTheSameBytesAsKafkas() {
        ByteBuffer ours = ours();
        byte[] bytes = new byte[ours.remaining()];
        ours.get(bytes);
        ByteBuffer theirs = kafkas(Compression.NONE).buffer();
        byte[] expected = new byte[theirs.remaining()];
        theirs.get(expected);
        assertThat(bytes).isEqualTo(expected);
    }

    @Test
    void kafkaReadsOurSegments() throws IOException {
        Log log = open();
        for (int i = 0; i < 500; i++) {
            log.append(List.of(Bodies.of("k" + i, "v" + i), Bodies.of(null, null)), 1000 + i);
            log.flush();
        }
        log.close();
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("00000000000000000000.log")));
        List<String> seen = new ArrayList<>();
        for (RecordBatch batch : MemoryRecords.readableRecords(file).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                record.ensureValid();
                seen.add(
                        "%d@%d %s=%s"
                                .formatted(
                                        record.offset(),
                                        record.timestamp(),
                                        text(record.key()),
                                        text(record.value())));
            }
        }
        assertThat(seen).hasSize(1000).contains("998@1499 k499=v499", "999@1499 null=null");
    }

    private static String text(ByteBuffer buffer) {
        return buffer == null ? "null" : StandardCharsets.UTF_8.decode(buffer).toString();
    }

    @Test
    void weReadKafkasBatches() throws IOException {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(
                        ByteBuffer.allocate(4096), Compression.NONE, TimestampType.CREATE_TIME, 0);
        Header[] headers = {
            new RecordHeader("a", bytes("1")),
            new RecordHeader("ä", null),
            new RecordHeader("a", bytes("2"))
        };
        builder.append(500, bytes("k"), bytes("v"), headers);
        builder.append(700, null, bytes("w"), new Header[0]);
        Log log = openOn(builder.build());
        List<String> seen = new ArrayList<>();
        log.read(0, 1000)
                .forEach(r -> {
                    seen.add(r.offset() + "@" + r.timestampMillis() + " " + text(r.value()));
                    seen.add("first a: " + text(r.header("a")));
                    r.forEachHeader((name, value) -> seen.add(name + ": " + text(value)));
                });
        assertThat(seen)
                .containsExactly(
                        "0@500 v",
                        "first a: 1",
                        "a: 1",
                        "ä: null",
                        "a: 2",
                        "1@700 w",
                        "first a: null");
        assertThat(log.offsetAt(600)).isEqualTo(1);
        log.close();
    }

    private static String text(@Nullable Bytes bytes) {
        return bytes == null ? "null" : bytes.toUtf8();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void weReadWhatIsCompressed(CompressionType type) throws IOException {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            records.add(Produced.record(1000 - i, "key" + i, i % 7 == 0 ? null : "value " + i));
        }
        ProducedBatch batch = Produced.batch(type, Produced.By.idempotent(1, 0), records);
        Log log = open();
        log.append(Bodies.values("first"), 1);
        log.append(batch);
        log.append(Bodies.values("last"), 2);
        log.flush();
        List<String> seen = new ArrayList<>();
        for (long offset = 0; offset < log.readableOffset(); ) {
            LogSlice slice = log.read(offset, 1 << 20);
            slice.forEach(
                    r -> seen.add(r.offset() + "@" + r.timestampMillis() + " " + text(r.value())));
            offset = slice.nextOffset();
        }
        assertThat(seen)
                .hasSize(502)
                .contains("0@1 first", "1@1000 null", "500@501 value 499", "501@2 last");
        assertThat(log.read(250, 1).nextOffset()).isEqualTo(501);
        assertThat(log.at(999, 502)).isEqualTo(new TimedOffset(1, 1000));
        assertThat(log.at(2, 502)).isEqualTo(new TimedOffset(1, 1000));
        assertThat(log.at(0, 502)).isEqualTo(new TimedOffset(0, 1));
        assertThat(log.latest(502)).isEqualTo(new TimedOffset(1, 1000));
        log.close();
    }

    @Test
    void kafkaReadsOurRegions() throws IOException {
        Log log = open();
        for (int i = 0; i < 300; i++) {
            log.append(List.of(Bodies.of("k" + i, "v".repeat(i))), 1000);
            log.append(
                    Produced.batch(
                            CompressionType.forId(i % 5),
                            Produced.By.transaction(9, i),
                            List.of(
                                    Produced.record(i, "p" + i, null),
                                    Produced.record(i, "", ""))));
            log.flush();
        }
        List<Long> offsets = new ArrayList<>();
        for (long offset = 0; offset < log.storedOffset(); ) {
            try (LogRegion region = log.region(offset, 5000, Long.MAX_VALUE)) {
                ByteBuffer bytes = ByteBuffer.allocate(region.size());
                region.read(bytes, 0);
                for (RecordBatch batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        offsets.add(record.offset());
                    }
                    assertThat(batch.producerId()).isEqualTo(batch.baseOffset() % 3 == 0 ? -1 : 9);
                    assertThat(batch.isTransactional()).isEqualTo(batch.baseOffset() % 3 != 0);
                    assertThat(batch.partitionLeaderEpoch()).isZero();
                    offset = batch.nextOffset();
                }
            }
        }
        assertThat(offsets).isEqualTo(LongStream.range(0, 900).boxed().toList());
        log.close();
    }

    private Log openOn(MemoryRecords records) throws IOException {
        ByteBuffer buffer = records.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        Files.write(folder.resolve("00000000000000000000.log"), bytes);
        return open();
    }

    private Log open() throws IOException {
        return new FileLogs(new FileDisk(), Clock.system()).open(folder, LogConfig.DEFAULT).log();
    }
}
