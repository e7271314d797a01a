package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Instant NOW = Instant.parse("2026-03-03T08:00:00Z");

    @Test
    void defaults() {
        assertThat(parse())
                .isEqualTo(new Options(URI.create("http://127.0.0.1:8080"), 41, 1, 1, NOW, 9041));
    }

    @Test
    void everyOptionIsRead() {
        Instant start = Instant.parse("2026-03-02T09:00:00Z");
        assertThat(
                        parse(
                                "--server",
                                "http://localhost:9/",
                                "--seed",
                                "7",
                                "--speed",
                                "60",
                                "--rate",
                                "0.5",
                                "--start",
                                "2026-03-02T09:00:00Z",
                                "--port",
                                "0"))
                .isEqualTo(new Options(URI.create("http://localhost:9"), 7, 60, 0.5, start, 0));
    }

    @Test
    void mistakesAreNamed() {
        fails("there is no option --sped", "--sped", "1");
        fails("--seed needs a value", "--seed");
        fails("--seed: 'x' is not a whole number", "--seed", "x");
        fails("--speed: must be above 0 and at most 3600", "--speed", "0");
        fails("--rate: must be above 0 and at most 60", "--rate", "NaN");
        fails("--rate: 'fast' is not a number", "--rate", "fast");
        fails("--port: must be from 0 to 65535", "--port", "65536");
        fails("--server: 'localhost' is not an http or https URL", "--server", "localhost");
        fails("--start: 'noon' is not a time such as 2026-03-02T09:00:00Z", "--start", "noon");
    }

    private static void fails(String message, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Options parse(String... arguments) {
        return Options.parse(arguments, NOW);
    }
}
