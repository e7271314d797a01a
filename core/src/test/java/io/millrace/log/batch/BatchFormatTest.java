package io.millrace.log.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.RecordBody;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BatchFormatTest {
    private static byte[] batch(int valueBytes) {
        ByteBuffer buffer = ByteBuffer.allocate(valueBytes + 200);
        new BatchWriter()
                .write(
                        buffer,
                        List.of(RecordBody.of(new byte[valueBytes])),
                        new BatchWriter.Place(0, 1, 0));
        byte[] bytes = new byte[buffer.limit()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Test
    void aPlaceKeepsTheCrcRight() {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 3, 200, 4095, 70_000, 3_000_000}) {
            byte[] bytes = batch(size);
            for (int i = 0; i < 20; i++) {
                long base = random.nextLong(1L << 50);
                BatchFormat.place(bytes, 0, base, base - random.nextInt(1 << random.nextInt(30)));
                assertThat(BatchFormat.crcMatches(bytes, 0)).as("size %d", size).isTrue();
                assertThat(BatchFormat.baseOffset(bytes, 0)).isEqualTo(base);
                assertThat(BatchFormat.isProduced(bytes, 0)).isTrue();
            }
        }
    }

    @Test
    void anotherByteThatChangedIsStillFoundBehindAPlace() {
        byte[] bytes = batch(200);
        bytes[100] ^= 4;
        BatchFormat.place(bytes, 0, 7, 3);
        assertThat(BatchFormat.crcMatches(bytes, 0)).isFalse();
        bytes[100] ^= 4;
        assertThat(BatchFormat.crcMatches(bytes, 0)).isTrue();
    }

    @Test
    void aWitnessClaimsAtMostWhatIsTrueAndAtLeastSevenEighths() {
        byte[] bytes = batch(1);
        long base = 1L << 40;
        for (long distance = 0; distance <= Integer.MAX_VALUE; distance += 1 + distance / 50) {
            BatchFormat.place(bytes, 0, base, base - distance);
            long claimed = base - BatchFormat.flushedBefore(bytes, 0);
            assertThat(claimed).isBetween(distance, distance + distance / 8);
        }
        BatchFormat.place(bytes, 0, base, base - Integer.MAX_VALUE);
        assertThat(base - BatchFormat.flushedBefore(bytes, 0))
                .isBetween((long) Integer.MAX_VALUE, 1L << 31);
        BatchFormat.place(bytes, 0, base, base - Integer.MAX_VALUE - 1);
        assertThat(BatchFormat.flushedBefore(bytes, 0)).isEqualTo(-1);
    }
}
