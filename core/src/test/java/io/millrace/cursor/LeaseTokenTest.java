package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTokenTest {
    @Test
    void isReadAsItWasWritten() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            LeaseToken token =
                    new LeaseToken(
                            random.nextInt() >>> (1 + random.nextInt(31)),
                            random.nextLong() >>> (1 + random.nextInt(63)),
                            random.nextLong() >>> (1 + random.nextInt(63)));
            String text = token.toString();
            assertThat(text)
                    .as("seed %d", seed)
                    .isEqualTo(
                            "%s-%s-%s",
                            Long.toString(token.partition(), 36),
                            Long.toString(token.offset(), 36),
                            Long.toString(token.number(), 36));
            assertThat(LeaseToken.parse(text)).as("seed %d, %s", seed, text).isEqualTo(token);
        }
    }

    @Test
    void hasRoomForTheLargestNumbers() {
        LeaseToken token = new LeaseToken(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(LeaseToken.parse(token.toString())).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-2",
                "1-2-",
                "1--3",
                "-1-2-3",
                "1-2-3-4",
                "01-2-3",
                "1-02-3",
                "1-2-03",
                "+1-2-3",
                "1-2-A",
                "1-2-3 ",
                "zik0zk-2-3", // 2^31 for the partition
                "1-1y2p0ij32e8e8-3", // 2^63 for the offset
                "1-2-zzzzzzzzzzzzz",
                "1-2-10000000000000",
                "1-2-\u0663"
            })
    void isNothingElse(String text) {
        assertThat(LeaseToken.parse(text)).isNull();
    }
}
