package io.millrace.cli;

import io.millrace.cli.process.Console;
import io.millrace.cli.process.Console.Terminals;
import io.millrace.cli.process.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Runs one command within the test, with everything around it captured.
final class CommandRun {
    private final Map<String, String> environment = new HashMap<>();
    private final TestTime time = new TestTime();
    private Terminals terminals = new Terminals(false, false, false);
    private byte[] in = {};
    private Path folder = Path.of("");
    private int exitCode = -1;
    private String out = "";
    private String err = "";

    static CommandRun at(FakeServer server) {
        CommandRun run = new CommandRun();
        run.environment.put("MILLRACE_SERVER", server.address());
        return run;
    }

    CommandRun environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    CommandRun input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    CommandRun input(byte[] bytes) {
        in = bytes;
        return this;
    }

    CommandRun terminals(boolean in, boolean out, boolean err) {
        terminals = new Terminals(in, out, err);
        return this;
    }

    CommandRun folder(Path path) {
        folder = path;
        return this;
    }

    TestTime time() {
        return time;
    }

    CommandRun run(String... args) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new ByteArrayInputStream(in),
                        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                        terminals);
        Surroundings surroundings = new Surroundings(console, environment, folder, time, time);
        exitCode = new Millrace(surroundings).run(args);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }
}
