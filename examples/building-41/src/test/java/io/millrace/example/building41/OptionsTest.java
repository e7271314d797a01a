package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Instant NOW = Instant.parse("2026-03-03T08:00:00Z");
    private static final URI SERVER = URI.create("http://127.0.0.1:8080");
    private static final Way MQTT = new Way.Mqtt("127.0.0.1", 1883, Wiring.ROOM);

    @Test
    void defaults() {
        assertThat(parse()).isEqualTo(new Options(SERVER, MQTT, 41, 1, 1, NOW, 9041));
    }

    @Test
    void everyOptionIsRead() {
        Instant start = Instant.parse("2026-03-02T09:00:00Z");
        assertThat(
                        parse(
                                "--server",
                                "http://localhost:9/",
                                "--mqtt",
                                "broker:1884",
                                "--controllers",
                                "floor",
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
                .isEqualTo(
                        new Options(
                                URI.create("http://localhost:9"),
                                new Way.Mqtt("broker", 1884, Wiring.FLOOR),
                                7,
                                60,
                                0.5,
                                start,
                                0));
    }

    @Test
    void mqttIsWhereTheVariableSaysElseOnTheServersMachine() {
        assertThat(way("--server", "http://millrace.example:8080"))
                .hasToString("mqtt://millrace.example:1883");
        Map<String, String> environment = Map.of("MILLRACE_MQTT", "mqtt://[::1]:1884");
        assertThat(Options.parse(new String[0], environment, NOW).way())
                .isEqualTo(new Way.Mqtt("::1", 1884, Wiring.ROOM))
                .hasToString("mqtt://[::1]:1884");
        String[] said = {"--mqtt", "10.0.0.1:1885"};
        assertThat(Options.parse(said, environment, NOW).way()).hasToString("mqtt://10.0.0.1:1885");
    }

    @Test
    void overHttpThereAreNoControllers() {
        assertThat(way("--over", "http")).isEqualTo(new Way.Http(SERVER));
        assertThat(way("--over", "mqtt")).isEqualTo(MQTT);
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
        fails("--server: 'http://:80' is not an http or https URL", "--server", "http://:80");
        fails("--start: 'noon' is not a time such as 2026-03-02T09:00:00Z", "--start", "noon");
        fails("--over: must be mqtt or http", "--over", "pigeons");
        fails("--controllers: must be room, floor or building", "--controllers", "unit");
        for (String wrong : new String[] {"1883", "host", "host:0", "host:x", "a b:1"}) {
            fails(
                    "--mqtt: '" + wrong + "' is not an address such as 127.0.0.1:1883",
                    "--mqtt",
                    wrong);
        }
    }

    private static Way way(String... arguments) {
        return parse(arguments).way();
    }

    private static void fails(String message, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Options parse(String... arguments) {
        return Options.parse(arguments, Map.of(), NOW);
    }
}
