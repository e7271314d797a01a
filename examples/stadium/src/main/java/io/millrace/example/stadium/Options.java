package io.millrace.example.stadium;

import java.net.URI;
import java.nio.file.Path;

/// What the command line says.
///
/// @param server where Millrace is
/// @param port the first of six ports for the programs; for a single program its own
/// @param data the folder in which the programs keep their books
/// @param name of a gate
/// @param play how the matches are played
record Options(URI server, int port, Path data, String name, Play play) {
    static final String USAGE =
            """
            usage: stadium [--server URL] [--port N] [--data DIR] [--matches N] [--tickets N]
                           [--rate N] [--kill-every SECONDS]
                   stadium portal|erp|profiles|reporting|gate [--server URL] [--port N]
                           [--data DIR] [--name NAME]

              --server URL     where Millrace is (http://127.0.0.1:8080)
              --port N         the first of six ports for the programs (9100)
              --data DIR       where they keep their books (target/stadium)
              --matches N      end after so many matches (0: until stopped)
              --tickets N      sold for each match (200)
              --rate N         sold in a second (20)
              --kill-every N   kill the portal or a gate every so many seconds (0: never)
              --name NAME      of a single gate (north)
            """;

    /// How the matches are played.
    ///
    /// @param matches 0 for until stopped
    /// @param tickets for each match
    /// @param rate tickets a second
    /// @param killEvery seconds between two kills; 0 for none
    record Play(int matches, int tickets, int rate, int killEvery) {}

    /// @param arguments the options alone
    /// @throws IllegalArgumentException with a sentence for the user
    static Options parse(String... arguments) {
        Options options =
                new Options(
                        URI.create("http://127.0.0.1:8080"),
                        9100,
                        Path.of("target/stadium"),
                        "north",
                        new Play(0, 200, 20, 0));
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private Options with(String option, String value) {
        return switch (option) {
            case "--server" -> new Options(uri(value), port, data, name, play);
            case "--port" ->
                    new Options(server, number(option, value, 0, 65_530), data, name, play);
            case "--data" -> new Options(server, port, Path.of(value), name, play);
            case "--name" -> new Options(server, port, data, value, play);
            default -> new Options(server, port, data, name, play(option, value));
        };
    }

    private Play play(String option, String value) {
        int matches = play.matches();
        int tickets = play.tickets();
        int rate = play.rate();
        int killEvery = play.killEvery();
        switch (option) {
            case "--matches" -> matches = number(option, value, 0, 1_000_000);
            case "--tickets" -> tickets = number(option, value, 1, 100_000);
            case "--rate" -> rate = number(option, value, 1, 10_000);
            case "--kill-every" -> killEvery = number(option, value, 0, 3_600);
            default -> throw new IllegalArgumentException("there is no option " + option);
        }
        return new Play(matches, tickets, rate, killEvery);
    }

    private static URI uri(String value) {
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "--server: '" + value + "' is not an http or https URL");
        }
        return URI.create(value);
    }

    private static int number(String option, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(option + ": '" + value + "' is not a number");
        }
        throw new IllegalArgumentException(option + ": must be from " + min + " to " + max);
    }
}
