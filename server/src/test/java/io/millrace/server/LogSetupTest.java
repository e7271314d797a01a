package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Isolated, since the log's form is a system property and its target standard error.
@Isolated
final class LogSetupTest {
    private final PrintStream before = System.err;
    private final LoggerContext context = new LoggerContext();

    @AfterEach
    void restore() {
        context.stop();
        System.setErr(before);
        System.clearProperty(LogSetup.FORMAT_PROPERTY);
    }

    private String logged(@Nullable String format, Runnable logging) {
        if (format != null) {
            System.setProperty(LogSetup.FORMAT_PROPERTY, format);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        context.setMDCAdapter(new LogbackMDCAdapter());
        LogSetup setup = new LogSetup();
        setup.setContext(context);
        setup.configure(context);
        LogSetup.setLevels(context, "info");
        logging.run();
        context.getStatusManager()
                .getCopyOfStatusList()
                .forEach(x -> System.out.println("ST " + x));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void log() {
        context.getLogger("io.millrace.some.Room")
                .warn(
                        "partition {} has {}\nproblems \"ü\"",
                        "a/1",
                        2,
                        new IllegalStateException("x"));
    }

    @Test
    void textIsForPeople() {
        String text = logged(null, this::log);
        assertThat(text.lines().findFirst().orElse(""))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) WARN "
                                + " Room: partition a/1 has 2");
        assertThat(text).contains("problems \"ü\"", "IllegalStateException: x");
    }

    @Test
    void jsonIsOneObjectALine() {
        String text = logged("json", this::log);
        assertThat(text.lines()).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(text);
        assertThat(line.get("level").stringValue()).isEqualTo("WARN");
        assertThat(line.get("loggerName").stringValue()).isEqualTo("io.millrace.some.Room");
        assertThat(line.get("formattedMessage").stringValue())
                .isEqualTo("partition a/1 has 2\nproblems \"ü\"");
        assertThat(line.get("timestamp").isNumber()).isTrue();
        assertThat(line.get("throwable").get("message").stringValue()).isEqualTo("x");
    }

    @Test
    void faultsOfPeersAreNotLogged() {
        String name = "io.vertx.core.net.impl.ConnectionBase";
        String text =
                logged(
                        null,
                        () -> {
                            context.getLogger(name).error("damaged frame");
                            context.getLogger("io.vertx.core.Other").error("a real error");
                        });
        assertThat(text).contains("a real error").doesNotContain("damaged frame");
        assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
        LogSetup.setLevels(context, "debug");
        assertThat(context.getLogger(name).isErrorEnabled()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "trace, WARN",
        "debug, WARN",
        "INFO, WARN",
        "warn, WARN",
        "error, ERROR",
        "off, OFF"
    })
    void theEnvironmentSaysHowMuch(String text, String libraries) {
        LogSetup.setLevels(context, text);
        assertThat(context.getLogger("io.millrace").getEffectiveLevel())
                .isEqualTo(Level.toLevel(text));
        assertThat(context.getLogger("io.vertx.X").getEffectiveLevel())
                .isEqualTo(Level.toLevel(libraries));
        assertThatCode(() -> LogSetup.requireLevel(text)).doesNotThrowAnyException();
    }

    @Test
    void whatIsNoLevelIsRefused() {
        assertThatCode(() -> LogSetup.requireLevel(null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> LogSetup.requireLevel("loud"))
                .hasMessage(
                        "MILLRACE_LOG_LEVEL: must be one of trace, debug, info, warn, error, off,"
                                + " but is \"loud\"");
    }
}
