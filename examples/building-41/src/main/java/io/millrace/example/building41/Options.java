package io.millrace.example.building41;

import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// What the command line says.
///
/// @param server where to publish
/// @param seed chooses the people, their days and their mishaps
/// @param speed simulated seconds a second
/// @param rate how many times as often as usual the sensors report
/// @param start the simulated time to begin at
/// @param port where the webhook listens that is told to evacuate; 0 for any
public record Options(URI server, long seed, double speed, double rate, Instant start, int port) {
    private static final int PORT_MAX = 65_535;

    public static final String USAGE =
            """
            usage: building-41 [--server URL] [--seed N] [--speed X] [--rate X] [--start TIME]
                               [--port N]

              --server URL   where to publish (http://127.0.0.1:8080)
              --seed N       chooses the people, their days and their mishaps (41)
              --speed X      simulated seconds in a second, up to 3600 (1)
              --rate X       how many times as often as usual the sensors report, up to 60 (1)
              --start TIME   simulated time to begin at, as 2026-03-02T09:00:00Z (now)
              --port N       where the webhook for evacuations listens; 0 for any (9041)
            """;

    /// @throws IllegalArgumentException with a sentence for the user
    public static Options parse(String[] arguments, Instant now) {
        Options options = new Options(URI.create("http://127.0.0.1:8080"), 41, 1, 1, now, 9041);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--server" -> new Options(uri(value), seed, speed, rate, start, port);
            case "--seed" -> new Options(server, whole(value), speed, rate, start, port);
            case "--speed" ->
                    new Options(server, seed, factor(name, value, 3600), rate, start, port);
            case "--rate" -> new Options(server, seed, speed, factor(name, value, 60), start, port);
            case "--start" -> new Options(server, seed, speed, rate, time(value), port);
            case "--port" -> new Options(server, seed, speed, rate, start, port(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static URI uri(String value) {
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "--server: '" + value + "' is not an http or https URL");
        }
        String address = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        return URI.create(address);
    }

    private static long whole(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--seed: '" + value + "' is not a whole number", e);
        }
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("--port: must be from 0 to " + PORT_MAX);
    }

    private static double factor(String name, String value, double max) {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": '" + value + "' is not a number", e);
        }
        if (!(number > 0 && number <= max)) {
            throw new IllegalArgumentException(
                    "%s: must be above 0 and at most %.0f".formatted(name, max));
        }
        return number;
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--start: '" + value + "' is not a time such as 2026-03-02T09:00:00Z", e);
        }
    }
}
