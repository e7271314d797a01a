package io.millrace.gateway.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.format.ByteSink;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
    @Test
    void timesAreAsTheJdkWritesThemWithMilliseconds() {
        long seed = new Random().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        long[] edges = {
            0,
            1,
            999,
            1_000,
            86_399_999,
            86_400_000,
            951_782_400_000L,
            4_107_542_400_000L,
            253_402_300_799_999L,
            253_402_300_800_000L,
            -1
        };
        for (long edge : edges) {
            assertThat(time(edge)).isEqualTo(expected(edge));
        }
        for (int i = 0; i < 10_000; i++) {
            long millis =
                    random.nextLong(253_402_300_800_000L) / (random.nextBoolean() ? 1 : 1_000);
            millis = random.nextInt(4) == 0 ? millis / 1_000 * 1_000 : millis;
            assertThat(time(millis)).as("seed %d", seed).isEqualTo(expected(millis));
        }
    }

    private static String expected(long epochMillis) {
        String text = Instant.ofEpochMilli(epochMillis).toString();
        boolean bare = text.length() == "2026-03-01T12:00:00Z".length();
        return "\"" + (bare ? text.replace("Z", ".000Z") : text) + "\"";
    }

    private static String time(long epochMillis) {
        ByteSink out = new ByteSink(32);
        JsonText.time(out, epochMillis);
        return out.toBytes().toUtf8();
    }
}
