package io.millrace.example.building41;

import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the command line says.
///
/// @param server the address of the HTTP API
/// @param way how to publish
/// @param seed chooses the people, their days and their mishaps
/// @param speed simulated seconds a second
/// @param rate how many times as often as usual the sensors report
/// @param start the simulated time to begin at
/// @param port where the webhook listens that is told to evacuate; 0 for any
public record Options(
        URI server, Way way, long seed, double speed, double rate, Instant start, int port) {
    private static final int PORT_MAX = 65_535;
    private static final int MQTT_PORT = 1883;
    private static final String MQTT_VARIABLE = "MILLRACE_MQTT";

    public static final String USAGE =
            """
            usage: building-41 [--server URL] [--mqtt HOST:PORT] [--over mqtt|http]
                               [--controllers room|floor|building] [--seed N] [--speed X]
                               [--rate X] [--start TIME] [--port N]

              --server URL        the HTTP API (http://127.0.0.1:8080)
              --over HOW          how to publish: mqtt or http (mqtt)
              --mqtt HOST:PORT    where to publish over MQTT (what MILLRACE_MQTT says, else port
                                  1883 of the server)
              --controllers WHAT  what has a connection of its own: each room, each floor, or the
                                  building (room)
              --seed N            chooses the people, their days and their mishaps (41)
              --speed X           simulated seconds in a second, up to 3600 (1)
              --rate X            how many times as often as usual the sensors report, up to 60 (1)
              --start TIME        simulated time to begin at, as 2026-03-02T09:00:00Z (now)
              --port N            where the webhook for evacuations listens; 0 for any (9041)
            """;

    /// @param environment the variables of the process
    /// @param now the time to begin at unless the command line says another
    /// @throws IllegalArgumentException with a sentence for the user
    public static Options parse(String[] arguments, Map<String, String> environment, Instant now) {
        Map<String, String> said = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            said.put(arguments[i], arguments[i + 1]);
        }
        URI server = uri(taken(said, "--server", "http://127.0.0.1:8080"));
        Options options =
                new Options(
                        server,
                        way(said, server, environment.get(MQTT_VARIABLE)),
                        whole(taken(said, "--seed", "41")),
                        factor("--speed", taken(said, "--speed", "1"), 3600),
                        factor("--rate", taken(said, "--rate", "1"), 60),
                        time(said.remove("--start"), now),
                        port(taken(said, "--port", "9041")));
        for (String unknown : said.keySet()) {
            throw new IllegalArgumentException("there is no option " + unknown);
        }
        return options;
    }

    private static String taken(Map<String, String> said, String name, String otherwise) {
        String value = said.remove(name);
        return value == null ? otherwise : value;
    }

    private static Way way(Map<String, String> said, URI server, @Nullable String variable) {
        Wiring wiring = wiring(taken(said, "--controllers", "room"));
        String address = said.remove("--mqtt");
        Way.Mqtt mqtt =
                address != null
                        ? address("--mqtt", address, wiring)
                        : variable != null && !variable.isBlank()
                                ? address(MQTT_VARIABLE, variable, wiring)
                                : new Way.Mqtt(server.getHost(), MQTT_PORT, wiring);
        String over = taken(said, "--over", "mqtt");
        return switch (over) {
            case "mqtt" -> mqtt;
            case "http" -> new Way.Http(server);
            default -> throw new IllegalArgumentException("--over: must be mqtt or http");
        };
    }

    private static Wiring wiring(String value) {
        for (Wiring wiring : Wiring.values()) {
            if (wiring.toString().equals(value)) {
                return wiring;
            }
        }
        throw new IllegalArgumentException("--controllers: must be room, floor or building");
    }

    /// Reads `host:port`, with `mqtt://` before it or not; the host may be an address in brackets.
    private static Way.Mqtt address(String name, String value, Wiring wiring) {
        URI uri;
        try {
            uri = URI.create(value.startsWith("mqtt://") ? value : "mqtt://" + value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notAnAddress(name, value), e);
        }
        if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > PORT_MAX) {
            throw new IllegalArgumentException(notAnAddress(name, value));
        }
        return new Way.Mqtt(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort(), wiring);
    }

    private static String notAnAddress(String name, String value) {
        return name + ": '" + value + "' is not an address such as 127.0.0.1:1883";
    }

    private static URI uri(String value) {
        String address = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        try {
            URI uri = URI.create(address);
            if (address.matches("https?://.*") && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new IllegalArgumentException("--server: '" + value + "' is not an http or https URL");
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

    private static Instant time(@Nullable String value, Instant otherwise) {
        if (value == null) {
            return otherwise;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--start: '" + value + "' is not a time such as 2026-03-02T09:00:00Z", e);
        }
    }
}
