package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "7d, PT168H, 7d",
        "12h, PT12H, 12h",
        "1h30m, PT1H30M, 90m",
        "90s, PT1M30S, 90s",
        "60s, PT1M, 1m",
        "250ms, PT0.25S, 250ms",
        "1500ms, PT1.5S, 1500ms",
        "100us, PT0.0001S, 100us",
        "5ns, PT0.000000005S, 5ns",
        "0s, PT0S, 0s",
        "P7D, PT168H, 7d",
        "PT0.5S, PT0.5S, 500ms",
        "106751d, PT2562024H, 106751d"
    })
    void durations(String text, Duration expected, String printed) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
        assertThat(Durations.print(expected)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "d",
                "7 d",
                "-7d",
                "7D",
                "1.5h",
                "30m1h",
                "1h1h",
                "7days",
                "PT-1S",
                "P",
                "1s ",
                "99999999999999999999d",
                "999999999999999999d",
                "１d"
            })
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a duration such as 7d, 12h, 30s or 250ms");
    }

    @ParameterizedTest
    @CsvSource({
        "10GB, 10000000000, 10GB",
        "512MiB, 536870912, 512MiB",
        "1MB, 1000000, 1MB",
        "1kB, 1000, 1KB",
        "1.5MB, 1500000, 1500KB",
        "1024KiB, 1048576, 1MiB",
        "0.5KiB, 512, 512B",
        "0B, 0, 0B",
        "7 B, 7, 7B",
        "2TiB, 2199023255552, 2TiB",
        "1000GB, 1000000000000, 1TB"
    })
    void sizes(String text, long bytes, String printed) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
        assertThat(new ByteSize(bytes)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "GB",
                "-1B",
                "1.5B",
                "1gb",
                "1Mb",
                "1..5MB",
                ".MB",
                "9999999999TB"
            })
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with its unit");
    }

    @Test
    void whatIsPrintedReadsBack() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            long number = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            assertThat(ByteSize.parse(new ByteSize(number).toString()).bytes()).isEqualTo(number);
            Duration duration = Duration.ofNanos(number);
            assertThat(Durations.parse(Durations.print(duration))).isEqualTo(duration);
        }
    }

    @Test
    void suggestsTheNearestWord() {
        List<String> words = List.of("partitions", "durability", "retention", "mount");
        assertThat(Suggestions.closest("partition", words)).isEqualTo("partitions");
        assertThat(Suggestions.closest("Durabiltiy", words)).isEqualTo("durability");
        assertThat(Suggestions.closest("mnuot", words)).isEqualTo("mount");
        assertThat(Suggestions.closest("colour", words)).isNull();
        assertThat(Suggestions.edits("ab", "ba")).isEqualTo(1);
        assertThat(Suggestions.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(Suggestions.edits("", "abc")).isEqualTo(3);
    }
}
