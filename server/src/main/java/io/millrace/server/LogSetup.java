package io.millrace.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Sets logging up without a file to be parsed, which would take a good part of the time in which
/// the server starts.
///
/// Found by Logback as a service. The log goes to standard error; `MILLRACE_LOG_LEVEL` may raise or
/// lower its level, and the property `millrace.log.format` says in which form it is written.
public final class LogSetup extends ContextAwareBase implements Configurator {
    static final String FORMAT_PROPERTY = "millrace.log.format";
    static final String LEVEL_VARIABLE = "MILLRACE_LOG_LEVEL";

    /// What people may say, from much to nothing.
    private static final List<String> LEVELS =
            List.of("trace", "debug", "info", "warn", "error", "off");

    /// Where Vert.x reports each frame that a peer has damaged, and each connection that it has
    /// reset, as an error. They are the peer's faults: anyone could fill the disk with them.
    private static final String PEER_FAULTS = "io.vertx.core.net.impl.ConnectionBase";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = encoder(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        setLevels(context, System.getenv(LEVEL_VARIABLE));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// @param text of the environment, one of [#LEVELS] in upper or lower case, or `null`
    static void setLevels(LoggerContext context, @Nullable String text) {
        Level level = Level.toLevel(text, Level.INFO);
        boolean isCurious = Level.DEBUG.isGreaterOrEqual(level);
        Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level);
        context.getLogger("io.netty").setLevel(libraries);
        context.getLogger("io.vertx").setLevel(libraries);
        // Flink tells every change of every task; what becomes of a query is told by its status.
        Level flink = isCurious ? level : Level.ERROR;
        context.getLogger("org.apache.flink").setLevel(flink);
        context.getLogger("org.apache.pekko").setLevel(flink);
        context.getLogger(PEER_FAULTS).setLevel(isCurious ? Level.ERROR : Level.OFF);
    }

    /// @param text of the environment
    /// @throws MillraceException CONFIGURATION_INVALID if it is no level
    static void requireLevel(@Nullable String text) {
        if (text != null && !LEVELS.contains(text.toLowerCase(Locale.ROOT))) {
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    LEVEL_VARIABLE,
                    "must be one of %s, but is \"%s\"".formatted(String.join(", ", LEVELS), text));
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        if ("json".equals(System.getProperty(FORMAT_PROPERTY))) {
            JsonEncoder json = new JsonEncoder();
            json.setContext(context);
            json.setWithContext(false);
            json.setWithSequenceNumber(false);
            json.setWithFormattedMessage(true);
            json.setWithMessage(false);
            json.setWithArguments(false);
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        return text;
    }
}
