package io.millrace.system.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's process, which says in one line that it is ready.
final class ServerProcess {
    private static final long STOP_SECONDS_MAX = 30;

    private final Process process;
    private final MatchResult ready;

    private ServerProcess(Process process, MatchResult ready) {
        this.process = process;
        this.ready = ready;
    }

    /// Starts it and waits for the line that says that it is ready.
    static ServerProcess start(List<String> command, Pattern ready) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // A test that fails in the middle leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher matcher = ready.matcher(line);
            if (matcher.find()) {
                Thread.ofVirtual().start(() -> drain(output));
                return new ServerProcess(process, matcher.toMatchResult());
            }
        }
        throw new AssertionError("the server did not start:\n" + String.join("\n", said));
    }

    /// A server must not wait for somebody to read what it says.
    private static void drain(BufferedReader output) {
        boolean echo = Boolean.getBoolean("kafka.server.echo");
        try {
            output.lines()
                    .forEach(line -> {
                        if (echo) {
                            System.err.println("server: " + line);
                        }
                    });
        } catch (UncheckedIOException _) {
            // It was stopped.
        }
    }

    /// The line that said so.
    MatchResult ready() {
        return ready;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    void stop() {
        process.destroy();
        boolean ended =
                !process.onExit()
                        .completeOnTimeout(process, STOP_SECONDS_MAX, TimeUnit.SECONDS)
                        .join()
                        .isAlive();
        if (!ended) {
            process.destroyForcibly();
            throw new AssertionError("the server did not stop");
        }
    }

    /// The `java` that runs this test.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
