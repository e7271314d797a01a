package io.millrace.server;

import io.millrace.config.ConfigReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Starts a server and keeps it until the process is told to stop.
public final class Main {
    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;

    private Main() {}

    /// Exit codes: 1 if the server cannot start, 2 if it was told something wrong; a server that a
    /// signal has stopped ends with 128 and the signal's number, as Java has it, 143 for SIGTERM.
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        ServerConfig config;
        try {
            ServerOptions options = ServerOptions.parse(List.of(arguments));
            if (options.help()) {
                out.print(ServerOptions.USAGE);
                return;
            }
            if (options.version()) {
                out.println("millrace " + version());
                return;
            }
            if (options.logFormat() == ServerOptions.LogFormat.JSON) {
                System.setProperty(LogSetup.FORMAT_PROPERTY, "json");
            }
            LogSetup.requireLevel(System.getenv(LogSetup.LEVEL_VARIABLE));
            config = read(options.config()).with(options);
        } catch (MillraceException e) {
            print(e, err);
            System.exit(WRONG_USE);
            return;
        }
        serve(config, out, err);
    }

    private static void serve(ServerConfig config, PrintStream out, PrintStream err)
            throws InterruptedException {
        Server server;
        try {
            server = Server.start(config);
        } catch (MillraceException e) {
            print(e, err);
            System.exit(FAILED);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Thread stop =
                new Thread(
                        () -> {
                            server.close();
                            out.println("stopped");
                            stopped.countDown();
                        },
                        "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        out.printf(
                "ready in %d ms: http://%s:%d%s%n",
                System.currentTimeMillis() - started,
                config.http().address(),
                server.port(),
                others(config, server));
        stopped.await();
    }

    private static String others(ServerConfig config, Server server) {
        List<String> places = new ArrayList<>();
        Integer kafka = server.kafkaPort();
        if (kafka != null) {
            places.add("Kafka: %s:%d".formatted(config.kafka().address(), kafka));
        }
        Integer mqtt = server.mqttPort();
        if (mqtt != null) {
            places.add("MQTT: %s:%d".formatted(config.mqtt().address(), mqtt));
        }
        return places.isEmpty() ? "" : " (" + String.join(", ", places) + ")";
    }

    static ServerConfig read(@Nullable Path file) {
        ConfigReader reader = new ConfigReader();
        if (file == null) {
            return reader.defaults(ServerConfig.class);
        }
        try {
            Bytes text = Bytes.wrap(Files.readAllBytes(file));
            return reader.read(ServerConfig.class, text, file.toString());
        } catch (IOException e) {
            String why =
                    e instanceof NoSuchFileException ? "does not exist" : "cannot be read: " + e;
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID, "--config", file + " " + why);
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static String uncapitalized(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static void print(MillraceException e, PrintStream err) {
        err.println("millrace: " + uncapitalized(e.code().title()) + ":");
        for (Problem problem : e.problems()) {
            err.println("  " + problem);
        }
    }
}
