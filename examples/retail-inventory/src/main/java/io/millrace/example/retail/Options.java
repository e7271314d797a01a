package io.millrace.example.retail;

import java.net.URI;

/// What the command line says.
///
/// @param server where Millrace is
/// @param kafka where it listens for Kafka's clients
/// @param articles how many there are at each location
/// @param rate changes a second, beside those that are measured
/// @param probes end after so many measured changes; 0 for until stopped
record Options(URI server, String kafka, int articles, int rate, int probes) {
    static final String USAGE =
            """
            usage: retail-inventory [--server URL] [--kafka HOST:PORT] [--articles N] [--rate N]
                                    [--probes N]

              --server URL       where Millrace is (http://127.0.0.1:8080)
              --kafka HOST:PORT  where it listens for Kafka's clients (127.0.0.1:9092)
              --articles N       at each of six locations (200)
              --rate N           changes a second (50)
              --probes N         end after so many measured changes, and compare (0: until stopped)
            """;

    /// @param kafka where Kafka's clients are listened to, unless the arguments say it
    /// @throws IllegalArgumentException with a sentence for the user
    static Options parse(String kafka, String... arguments) {
        Options options = new Options(URI.create("http://127.0.0.1:8080"), kafka, 200, 50, 0);
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
            case "--server" -> new Options(uri(value), kafka, articles, rate, probes);
            case "--kafka" -> new Options(server, value, articles, rate, probes);
            case "--articles" ->
                    new Options(server, kafka, number(option, value, 1, 100_000), rate, probes);
            case "--rate" ->
                    new Options(server, kafka, articles, number(option, value, 0, 10_000), probes);
            case "--probes" ->
                    new Options(server, kafka, articles, rate, number(option, value, 0, 1_000_000));
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
