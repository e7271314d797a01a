package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.server.ServerOptions.LogFormat;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerOptionsTest {
    private static ServerOptions parse(String... arguments) {
        return ServerOptions.parse(List.of(arguments));
    }

    private static List<String> problems(String... arguments) {
        MillraceException e = catchThrowableOfType(MillraceException.class, () -> parse(arguments));
        assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
        return e.problems().stream().map(Object::toString).toList();
    }

    @Test
    void nothingSaidIsNothingChanged() {
        assertThat(parse())
                .isEqualTo(
                        new ServerOptions(
                                null, null, null, null, null, LogFormat.TEXT, false, false));
    }

    @Test
    void everyOptionIsTaken() {
        ServerOptions all =
                new ServerOptions(
                        Path.of("d"),
                        9000,
                        9001,
                        9002,
                        Path.of("m.yaml"),
                        LogFormat.JSON,
                        false,
                        false);
        assertThat(
                        parse(
                                "--data",
                                "d",
                                "--port",
                                "9000",
                                "--kafka-port",
                                "9001",
                                "--mqtt-port",
                                "9002",
                                "--config",
                                "m.yaml",
                                "--log-format",
                                "json"))
                .isEqualTo(all);
        assertThat(
                        parse(
                                "--data=d",
                                "--port=9000",
                                "--kafka-port=9001",
                                "--mqtt-port=9002",
                                "--config=m.yaml",
                                "--log-format=json"))
                .isEqualTo(all);
        assertThat(parse("--log-format", "text").logFormat()).isEqualTo(LogFormat.TEXT);
        assertThat(parse("--help").help()).isTrue();
        assertThat(parse("-h").help()).isTrue();
        assertThat(parse("--version").version()).isTrue();
        assertThat(parse("--port", "0").port()).isZero();
        assertThat(parse("--data=--odd").data()).isEqualTo(Path.of("--odd"));
        assertThat(parse("--port", "1", "--port", "2").port()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"65536", "-1", "80a", "''''", "8080.0", "99999999999", "1e3"})
    void portsThatAreNone(String port) {
        assertThat(problems("--port", port))
                .containsExactly(
                        "--port: must be a number from 0 to 65535, but is \"%s\"".formatted(port));
        assertThat(problems("--kafka-port", port))
                .containsExactly(
                        "--kafka-port: must be a number from 0 to 65535, but is \"%s\""
                                .formatted(port));
    }

    @Test
    void valuesThatAreMissing() {
        assertThat(problems("--data")).containsExactly("--data: needs a value");
        assertThat(problems("--data=")).containsExactly("--data: needs a value");
        assertThat(problems("--config", "")).containsExactly("--config: needs a value");
        assertThat(problems("--data", "--port", "1")).containsExactly("--data: needs a value");
        assertThat(problems("--help=yes")).containsExactly("--help: takes no value");
    }

    @Test
    void whatIsNoOptionIsAnsweredWithTheOneThatWasMeant() {
        assertThat(problems("--prot", "1").getFirst())
                .isEqualTo("--prot: is not an option; did you mean \"--port\"?");
        assertThat(problems("--logformat=json"))
                .containsExactly("--logformat: is not an option; did you mean \"--log-format\"?");
        assertThat(problems("start"))
                .containsExactly(
                        "start: is not an option; known are --data, --port, --kafka-port, --mqtt-port,"
                                + " --config, --log-format, --version, --help");
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        assertThat(problems("--port", "x", "--log-format", "xml", "--dta=1"))
                .containsExactly(
                        "--port: must be a number from 0 to 65535, but is \"x\"",
                        "--log-format: must be text or json, but is \"xml\"",
                        "--dta: is not an option; did you mean \"--data\"?");
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(ServerOptions.USAGE)
                .contains(
                        "--data",
                        "--port",
                        "--kafka-port",
                        "--config",
                        "--log-format",
                        "--version",
                        "--help");
    }
}
