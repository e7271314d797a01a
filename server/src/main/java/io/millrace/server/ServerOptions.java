package io.millrace.server;

import io.millrace.config.ProblemCollector;
import io.millrace.config.Suggestions;
import io.millrace.error.ErrorCode;
import java.nio.file.InvalidPathException;
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
        @Nullable Integer kafkaPort,
        @Nullable Integer mqttPort,
        @Nullable Path config,
        LogFormat logFormat,
        boolean help,
        boolean version) {

    static final String USAGE =
            """
            usage: millrace serve [--data DIR] [--port N] [--kafka-port N] [--mqtt-port N]
                                  [--config FILE] [--log-format text|json]

              --data DIR         where the streams are kept (.data)
              --port N           the HTTP port (8080); 0 takes any free one
              --kafka-port N     the port for Kafka's clients (9092); 0 takes any free one, as does
                                 --port 0 if nothing is said here
              --mqtt-port N      the port for MQTT clients (1883); 0 as above
              --config FILE      a YAML file with all settings; see docs/reference/configuration.md
              --log-format FORM  text for people (the default) or json, one object a line
              --version          the version
              --help             this text

            What is said here wins over the file. MILLRACE_LOG_LEVEL in the environment is how much
            is logged: trace, debug, info (the default), warn, error or off.

            exit codes:
              0    after --help and --version
              1    the server could not start: its data folder or port cannot be used
              2    an option or a setting is wrong
              130  stopped by Ctrl-C (SIGINT)
              143  stopped by SIGTERM

            examples:
              millrace serve
              millrace serve --data /var/lib/millrace --port 9000
              millrace serve --config millrace.yaml --log-format json
            """;

    private static final List<String> NAMES =
            List.of(
                    "--data",
                    "--port",
                    "--kafka-port",
                    "--mqtt-port",
                    "--config",
                    "--log-format",
                    "--version",
                    "--help");

    /// How the log is written.
    enum LogFormat {
        TEXT,
        JSON
    }

    /// @throws io.millrace.error.MillraceException CONFIGURATION_INVALID with everything that is
    ///   wrong
    static ServerOptions parse(List<String> arguments) {
        Reading reading = new Reading(arguments);
        reading.run();
        reading.problems.throwIfAny();
        return new ServerOptions(
                reading.data,
                reading.port,
                reading.kafkaPort,
                reading.mqttPort,
                reading.config,
                reading.logFormat,
                reading.help,
                reading.version);
    }

    /// The way through the arguments. Owned by one thread.
    private static final class Reading {
        private final ProblemCollector problems =
                new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
        private final ArrayDeque<String> left;
        private @Nullable Path data;
        private @Nullable Integer port;
        private @Nullable Integer kafkaPort;
        private @Nullable Integer mqttPort;
        private @Nullable Path config;
        private LogFormat logFormat = LogFormat.TEXT;
        private boolean help;
        private boolean version;

        Reading(List<String> arguments) {
            left = new ArrayDeque<>(arguments);
        }

        void run() {
            while (!left.isEmpty()) {
                String argument = left.remove();
                int equals = argument.indexOf('=');
                if (argument.startsWith("--") && equals > 0) {
                    option(argument.substring(0, equals), argument.substring(equals + 1));
                } else {
                    option(argument, null);
                }
            }
        }

        /// @param attached the value behind `=`, if there is one
        private void option(String name, @Nullable String attached) {
            switch (name) {
                case "--data" -> data = path(name, value(name, attached));
                case "--port" -> port = port(name, value(name, attached));
                case "--kafka-port" -> kafkaPort = port(name, value(name, attached));
                case "--mqtt-port" -> mqttPort = port(name, value(name, attached));
                case "--config" -> config = path(name, value(name, attached));
                case "--log-format" -> logFormat = logFormat(value(name, attached));
                case "--help", "-h" -> help = flag(name, attached);
                case "--version" -> version = flag(name, attached);
                default ->
                        problems.add(name, "is not an option" + Suggestions.sentence(name, NAMES));
            }
        }

        private boolean flag(String name, @Nullable String attached) {
            if (attached != null) {
                problems.add(name, "takes no value");
            }
            return true;
        }

        /// The value of an option, or `null` if there is none. What looks like the next option is
        /// no value; `--data=--odd` says that it is meant.
        private @Nullable String value(String name, @Nullable String attached) {
            String next = left.peek();
            String value = attached;
            if (value == null && next != null && !next.startsWith("--")) {
                value = left.remove();
            }
            if (value == null || value.isEmpty()) {
                problems.add(name, "needs a value");
                return null;
            }
            return value;
        }

        private @Nullable Path path(String name, @Nullable String text) {
            try {
                return text == null ? null : Path.of(text);
            } catch (InvalidPathException e) {
                problems.add(name, "is not the path of a file or folder: " + e.getMessage());
                return null;
            }
        }

        private @Nullable Integer port(String name, @Nullable String text) {
            if (text == null) {
                return null;
            }
            try {
                int number = Integer.parseInt(text);
                if (number >= 0 && number <= 65_535) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // Said below.
            }
            problems.add(name, "must be a number from 0 to 65535, but is \"" + text + "\"");
            return null;
        }

        private LogFormat logFormat(@Nullable String text) {
            if (text == null) {
                return LogFormat.TEXT;
            }
            return switch (text) {
                case "text" -> LogFormat.TEXT;
                case "json" -> LogFormat.JSON;
                default -> {
                    problems.add("--log-format", "must be text or json, but is \"" + text + "\"");
                    yield LogFormat.TEXT;
                }
            };
        }
    }
}
