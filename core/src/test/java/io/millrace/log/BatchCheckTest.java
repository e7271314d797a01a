package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BatchCheckTest {
    private static final BatchCheck.Rules RULES = new BatchCheck.Rules(1 << 20, false, 10_000);
    private static final byte[] CONTEXT = "context".getBytes(StandardCharsets.US_ASCII);

    private static ProducedBatch check(byte[] bytes) {
        return check(bytes, RULES);
    }

    private static ProducedBatch check(byte[] bytes, BatchCheck.Rules rules) {
        return BatchCheck.check(bytes, 0, bytes.length, rules, _ -> {});
    }

    private static byte[] some(CompressionType type) {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Header[] headers = {
                new RecordHeader("context", ("/a/" + i).getBytes(StandardCharsets.UTF_8)),
                new RecordHeader("n".repeat(i * 3), null),
                new RecordHeader("x", new byte[i * 100])
            };
            byte[] key = i % 3 == 0 ? null : ("key" + i).getBytes(StandardCharsets.UTF_8);
            byte[] value = i % 5 == 0 ? null : new byte[i % 50 == 0 ? 100_000 : i];
            records.add(new SimpleRecord(1000 - i, key, value, headers));
        }
        return Produced.bytes(type, Produced.By.idempotent(5, 8), records);
    }

    private static byte[] small(CompressionType type) {
        return Produced.bytes(
                type,
                Produced.By.ANYONE,
                List.of(
                        new SimpleRecord(
                                7,
                                "k".getBytes(StandardCharsets.UTF_8),
                                "value".getBytes(StandardCharsets.UTF_8),
                                new Header[] {new RecordHeader("context", new byte[] {'/', 'a'})}),
                        Produced.record(8, null, null)));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whateverHasManyBytesOfRecordsMayTakeLong(CompressionType type) {
        SimpleRecord zeros = new SimpleRecord(1, null, new byte[4 << 20]);
        byte[] large = Produced.bytes(type, Produced.By.ANYONE, List.of(zeros));
        assertThat(BatchCheck.mayTakeLong(new ProducedBatch(large, 0))).isTrue();
        assertThat(BatchCheck.mayTakeLong(new ProducedBatch(small(type), 0))).isFalse();
        byte[] cut = Arrays.copyOf(small(type), 40);
        assertThat(BatchCheck.mayTakeLong(new ProducedBatch(cut, 0))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatKafkaMakesIsTaken(CompressionType type) {
        byte[] bytes = some(type);
        byte[] before = bytes.clone();
        List<String> contexts = new ArrayList<>();
        BatchCheck.Rules rules = new BatchCheck.Rules(8 << 20, false, 1000);
        ProducedBatch batch =
                BatchCheck.check(
                        bytes,
                        0,
                        bytes.length,
                        rules,
                        header -> {
                            if (header.isNamed(CONTEXT)) {
                                contexts.add(
                                        header.record()
                                                + new String(
                                                        header.bytes(),
                                                        header.valueAt(),
                                                        header.valueBytes(),
                                                        StandardCharsets.UTF_8));
                            }
                        });
        assertThat(contexts).hasSize(300).startsWith("0/a/0", "1/a/1").endsWith("299/a/299");
        assertThat(bytes).isEqualTo(before);
        assertThat(batch.count()).isEqualTo(300);
        assertThat(batch.producerId()).isEqualTo(5);
        assertThat(batch.baseSequence()).isEqualTo(8);
        assertThat(batch.maxTimestampMillis()).isEqualTo(1000);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aKeyIsAskedForWhereTheLogIsCompacted(CompressionType type) {
        assertCode(
                () -> check(small(type), new BatchCheck.Rules(1000, true, 1000)),
                ErrorCode.RECORD_INVALID,
                "key");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void timesOfTheFutureAreRefused(CompressionType type) {
        check(small(type), new BatchCheck.Rules(1000, false, 8));
        assertCode(
                () -> check(small(type), new BatchCheck.Rules(1000, false, 7)),
                ErrorCode.TIMESTAMP_INVALID,
                "future");
    }

    @Test
    void aTimeBefore1970IsRefusedButForNone() {
        check(Produced.batch(Produced.record(-1, null, "a")).bytes());
        byte[] bytes = small(CompressionType.NONE);
        ByteBuffer.wrap(bytes).putLong(BatchFormat.BASE_TIMESTAMP_AT, -9);
        assertCode(() -> check(sealed(bytes)), ErrorCode.TIMESTAMP_INVALID, "1970");
    }

    @Test
    void aWrongLatestTimeIsCorrected() {
        byte[] bytes = small(CompressionType.GZIP);
        ByteBuffer.wrap(bytes).putLong(BatchFormat.MAX_TIMESTAMP_AT, Long.MAX_VALUE);
        assertThat(check(sealed(bytes)).maxTimestampMillis()).isEqualTo(8);
        assertThat(BatchFormat.crcMatches(bytes, 0)).isTrue();
    }

    @Test
    void otherVersionsAreNamed() {
        byte[] bytes = small(CompressionType.NONE);
        bytes[BatchFormat.MAGIC_AT] = 1;
        assertCode(() -> check(bytes), ErrorCode.BATCH_CORRUPT, "version 1");
    }

    @Test
    void lengthsThatCannotBeAreRefused() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 48}) {
            assertCode(
                    () -> check(withInt(BatchFormat.LENGTH_AT, length)),
                    ErrorCode.BATCH_CORRUPT,
                    "says");
        }
        assertCode(
                () -> check(withInt(BatchFormat.LENGTH_AT, Integer.MAX_VALUE)),
                ErrorCode.BATCH_TOO_LARGE,
                "1048576");
        assertCode(
                () -> check(withInt(BatchFormat.LENGTH_AT, 5000)), ErrorCode.BATCH_CORRUPT, "come");
        assertCode(() -> check(new byte[5]), ErrorCode.BATCH_CORRUPT, "5 bytes");
        assertCode(
                () -> check(small(CompressionType.NONE), new BatchCheck.Rules(70, false, 1000)),
                ErrorCode.BATCH_TOO_LARGE,
                "70");
    }

    @Test
    void countsThatCannotBeAreRefused() {
        for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, Integer.MAX_VALUE}) {
            byte[] bytes = withInt(BatchFormat.RECORD_COUNT_AT, count);
            assertCode(() -> check(sealed(bytes)), ErrorCode.RECORD_INVALID, "");
            ByteBuffer.wrap(bytes).putInt(BatchFormat.LAST_OFFSET_DELTA_AT, count - 1);
            assertCode(() -> check(sealed(bytes)), ErrorCode.RECORD_INVALID, "");
        }
    }

    @Test
    void whatOnlyTheServerSetsIsRefused() {
        assertCode(() -> check(withAttributes(0x20)), ErrorCode.RECORD_INVALID, "control");
        assertCode(() -> check(withAttributes(0x40)), ErrorCode.RECORD_INVALID, "horizon");
        assertCode(() -> check(withAttributes(0x08)), ErrorCode.TIMESTAMP_INVALID, "server");
        assertCode(() -> check(withAttributes(0x10)), ErrorCode.RECORD_INVALID, "transaction");
        assertCode(() -> check(withAttributes(5)), ErrorCode.ENCODING_UNSUPPORTED, "type 5");
        byte[] bytes = small(CompressionType.NONE);
        ByteBuffer.wrap(bytes).putLong(BatchFormat.PRODUCER_ID_AT, 3);
        assertCode(() -> check(sealed(bytes)), ErrorCode.RECORD_INVALID, "sequence");
    }

    @Test
    void aFlippedBitIsFound() {
        byte[] bytes = small(CompressionType.NONE);
        for (int i = BatchFormat.CRC_AT; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assertCode(() -> check(damaged), ErrorCode.BATCH_CORRUPT, "CRC");
        }
    }

    @Test
    void aBombIsDefused() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        target.write(small(CompressionType.NONE), 0, BatchFormat.HEADER_BYTES);
        try (OutputStream gzip = new GZIPOutputStream(target)) {
            // One record of a length that is right for 200 MiB, all of it value.
            gzip.write(new byte[] {-2, -1, -1, -57, 1, 0, 0, 0, 1, -32, -1, -1, -57, 1});
            for (int i = 0; i < 200; i++) {
                gzip.write(megabyte);
            }
        }
        byte[] bytes = target.toByteArray();
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putInt(BatchFormat.LENGTH_AT, bytes.length - BatchFormat.LENGTH_OVERHEAD);
        bytes[BatchFormat.ATTRIBUTES_AT + 1] = 1;
        assertCode(() -> check(sealed(bytes)), ErrorCode.RECORD_INVALID, "uncompressed");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void nonsenseIsRefusedAndNothingElseHappens(CompressionType type) {
        long seed = Long.getLong("batch.check.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] sound = random.nextBoolean() ? small(type) : some(type);
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = (round % 20 == 0 ? sound : small(type)).clone();
            int from = random.nextInt(8) == 0 ? 0 : BatchFormat.HEADER_BYTES;
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = from + random.nextInt(bytes.length - from);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : -1);
            }
            if (random.nextInt(4) == 0) {
                bytes = Arrays.copyOf(bytes, from + random.nextInt(bytes.length - from + 1));
            }
            if (bytes.length >= BatchFormat.HEADER_BYTES) {
                if (random.nextInt(4) > 0) {
                    ByteBuffer.wrap(bytes)
                            .putInt(
                                    BatchFormat.LENGTH_AT,
                                    bytes.length - BatchFormat.LENGTH_OVERHEAD);
                }
                bytes[BatchFormat.MAGIC_AT] = BatchFormat.MAGIC;
                if (BatchFormat.size(bytes, 0) == bytes.length) {
                    BatchFormat.seal(bytes, 0);
                }
            }
            try {
                check(bytes, new BatchCheck.Rules(8 << 20, false, Long.MAX_VALUE));
            } catch (MillraceException _) {
                // That is what it is for.
            } catch (RuntimeException | Error e) {
                fail("seed %d, round %d: -Dbatch.check.seed".formatted(seed, round), e);
            }
        }
    }

    private static byte[] withInt(int at, int value) {
        byte[] bytes = small(CompressionType.NONE);
        ByteBuffer.wrap(bytes).putInt(at, value);
        return bytes;
    }

    private static byte[] withAttributes(int attributes) {
        byte[] bytes = small(CompressionType.NONE);
        bytes[BatchFormat.ATTRIBUTES_AT + 1] = (byte) attributes;
        return sealed(bytes);
    }

    private static byte[] sealed(byte[] bytes) {
        BatchFormat.seal(bytes, 0);
        return bytes;
    }

    private static void assertCode(Runnable action, ErrorCode code, String words) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
