package io.millrace.example.markets;

import java.net.URI;

/// What the command line says.
///
/// @param server where Millrace is
/// @param data a folder with `trades/btc_trades.csv`; empty to make trades up
/// @param seed of what is made up
/// @param minutes of history to publish at once and compare; 0 to trade until stopped
record Options(URI server, String data, long seed, int minutes) {
    /// Signals are joined with the candles of so much history; see the delay in the resources.
    private static final int MINUTES_MAX = 120;

    static final String USAGE =
            """
            usage: markets [--server URL] [--seed N] [--minutes N] [--data DIR]

              --server URL  where Millrace is (http://127.0.0.1:8080)
              --seed N      of the trades that are made up (41)
              --minutes N   publish the trades of so many minutes (to 120) at once, compare what
                            the queries say with what they should, and end (0: trade until stopped)
              --data DIR    take the trades from trades/btc_trades.csv there, at once, and compare
            """;

    /// @param data the folder, unless the arguments say it
    /// @throws IllegalArgumentException with a sentence for the user
    static Options parse(String data, String... arguments) {
        Options options = new Options(URI.create("http://127.0.0.1:8080"), data, 41, 0);
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
            case "--server" -> new Options(uri(value), data, seed, minutes);
            case "--data" -> new Options(server, value, seed, minutes);
            case "--seed" -> new Options(server, data, whole(option, value), minutes);
            case "--minutes" -> new Options(server, data, seed, number(option, value));
            default -> throw new IllegalArgumentException("there is no option " + option);
        };
    }

    private static URI uri(String value) {
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "--server: '" + value + "' is not an http or https URL");
        }
        return URI.create(value);
    }

    private static long whole(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(option + ": '" + value + "' is not a number");
        }
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= MINUTES_MAX) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(option + ": '" + value + "' is not a number");
        }
        throw new IllegalArgumentException(option + ": must be from 0 to " + MINUTES_MAX);
    }
}
