package io.millrace.system.kafka;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A command that runs in a process of its own.
///
/// @param command with its arguments
/// @param input for its standard input
record Program(List<String> command, String input) {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// What became of a program.
    ///
    /// @param output of standard output and standard error
    record Ended(int exitCode, String output) {
        /// The output of a program that has to have succeeded.
        String good() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + ":\n" + output);
            }
            return output;
        }
    }

    static Program of(String... command) {
        return new Program(List.of(command), "");
    }

    /// A class of this test's class path.
    static Program java(String main, String... arguments) {
        return javaOf(System.getProperty("java.class.path"), main, arguments);
    }

    static Program javaOf(String classPath, String main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ServerProcess.java(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                classPath,
                                main));
        command.addAll(List.of(arguments));
        return new Program(List.copyOf(command), "");
    }

    /// The same with an option of the Java virtual machine.
    Program option(String option) {
        List<String> longer = new ArrayList<>(command);
        longer.add(1, option);
        return new Program(List.copyOf(longer), input);
    }

    /// The files as one class path.
    static String classPath(List<Path> files) {
        return String.join(File.pathSeparator, files.stream().map(Path::toString).toList());
    }

    Program with(String text) {
        return new Program(command, text);
    }

    /// Runs it to its end.
    ///
    /// @throws AssertionError if it does not end in time
    Ended run() throws IOException, InterruptedException {
        try (Running running = start()) {
            return running.await(PATIENCE);
        }
    }

    Running start() throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new Running(this, process);
    }

    /// A program that has been started. Thread-safe.
    static final class Running implements AutoCloseable {
        private final Program program;
        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread reader;

        private Running(Program program, Process process) {
            this.program = program;
            this.process = process;
            this.reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException _) {
                // It was killed.
            }
        }

        /// What it has said so far.
        List<String> lines() {
            return List.copyOf(lines);
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /// @throws AssertionError if it has ended
        void isStillThere() {
            if (!isAlive()) {
                throw new AssertionError("it has ended:\n" + String.join("\n", lines));
            }
        }

        /// Asks it to end, as `kill` does.
        Ended stop() throws InterruptedException {
            // Of the process itself it would close the output, and its last words would be lost.
            process.toHandle().destroy();
            return await(PATIENCE);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }

        Ended await(Duration patience) throws InterruptedException {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "did not end within %s: %s%n%s"
                                .formatted(patience, program.command, String.join("\n", lines)));
            }
            reader.join();
            return new Ended(process.exitValue(), String.join("\n", lines));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
