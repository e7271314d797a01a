package io.millrace.server;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was said on the server's command line.
///
/// Read by hand: a library for it would take a good part of the time in which the server starts.
record ServerOptions(
        @Nullable Path data,
        @Nullable Integer port,
        @Nullable Path config,
        LogFormat logFormat,
        boolean help,
        boolean version) {

    static final String USAGE =
            """
            usage: millrace serve [--data DIR] [--port N] [--config FILE] [--log-format text|json]

              --data DIR         where the streams are kept (.data)
              --port N           the HTTP port (8080); 0 takes any free one
              --config FILE      a YAML file with all settings; see docs/reference/configuration.md
              --log-format FORM  text for people (the default) or json, one object a line
              --version          the version
              --help             this text

            examples:
              millrace serve
              millrace serve --data /var/lib/millrace --port 9000
              millrace serve --config millrace.yaml --log-format json
            """;

    /// How the log is written.
    enum LogFormat {
        TEXT,
        JSON
    }

    static ServerOptions parse(List<String> arguments) {
        Path data = null;
        Integer port = null;
        Path config = null;
        LogFormat logFormat = LogFormat.TEXT;
        boolean help = false;
        boolean version = false;
        ArrayDeque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.remove();
            int equals = argument.indexOf('=');
            if (argument.startsWith("--") && equals > 0) {
                left.addFirst(argument.substring(equals + 1));
                argument = argument.substring(0, equals);
            }
            switch (argument) {
                case "--data" -> data = Path.of(value(argument, left));
                case "--port" -> port = port(value(argument, left));
                case "--config" -> config = Path.of(value(argument, left));
                case "--log-format" -> logFormat = logFormat(value(argument, left));
                case "--help", "-h" -> help = true;
                case "--version" -> version = true;
                default ->
                        throw wrong(
                                argument, "is not an option; millrace serve --help names them all");
            }
        }
        return new ServerOptions(data, port, config, logFormat, help, version);
    }

    private static String value(String option, ArrayDeque<String> left) {
        String value = left.poll();
        if (value == null || value.isEmpty()) {
            throw wrong(option, "needs a value");
        }
        return value;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw wrong("--port", "must be a number from 0 to 65535, but is \"" + text + "\"");
    }

    private static LogFormat logFormat(String text) {
        return switch (text) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default -> throw wrong("--log-format", "must be text or json, but is \"" + text + "\"");
        };
    }

    private static MillraceException wrong(String option, String detail) {
        return new MillraceException(ErrorCode.CONFIGURATION_INVALID, option, detail);
    }
}
