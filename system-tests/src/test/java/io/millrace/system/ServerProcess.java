package io.millrace.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real server in a process of its own, on any free port.
final class ServerProcess implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("ready in \\d+ ms: (http://\\S+)(?:.*MQTT: \\S+:(\\d+))?.*");

    private final Process process;
    private final URI address;
    private final int mqttPort;

    private ServerProcess(Process process, URI address, int mqttPort) {
        this.process = process;
        this.address = address;
        this.mqttPort = mqttPort;
    }

    /// Starts a server and waits until it is ready.
    static ServerProcess start(Path data, String... options) throws IOException {
        Process process = launch(data, options);
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                Thread.ofVirtual().start(() -> drain(output));
                int mqtt = ready.group(2) == null ? 0 : Integer.parseInt(ready.group(2));
                return new ServerProcess(process, URI.create(ready.group(1)), mqtt);
            }
        }
        throw new AssertionError("the server did not start:\n" + said);
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // A server must not wait for somebody to read what it says.
            }
        } catch (IOException _) {
            // It was stopped.
        }
    }

    /// What became of a server that was not to start, or of a command.
    ///
    /// @param output of standard output and standard error
    record Ended(int exitCode, String output) {}

    /// Runs a server that is expected to end by itself.
    static Ended run(Path data, String... options) throws IOException, InterruptedException {
        Process process = launch(data, options);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static Process launch(Path data, String... options) throws IOException {
        JavaCommand java =
                new JavaCommand(
                        "io.millrace.server.Main",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "-Dmillrace.queries=" + QueryModule.classPath());
        List<String> command = java.with("--data", data.toString(), "--port", "0");
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // A test that fails in the middle leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    long pid() {
        return process.pid();
    }

    /// Stops the server as a service manager would, and tells its exit code.
    int stop() {
        close();
        return process.exitValue();
    }

    URI address() {
        return address;
    }

    /// Where it listens to MQTT clients; 0 if it does not.
    int mqttPort() {
        return mqttPort;
    }

    /// Kills the process as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Stops the server as a service manager would.
    @Override
    public void close() {
        process.destroy();
        if (process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join().isAlive()) {
            process.destroyForcibly();
            throw new AssertionError("the server did not stop");
        }
    }
}
