package io.millrace.cli;

import io.millrace.cli.process.Console;
import io.millrace.cli.process.Surroundings;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Surroundings in which nothing is to be heard.
final class TestSurroundings {
    private TestSurroundings() {}

    static Surroundings silent() {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Console console =
                new Console(
                        InputStream.nullInputStream(),
                        nowhere,
                        nowhere,
                        new Console.Terminals(false, false, false));
        TestTime time = new TestTime();
        return new Surroundings(console, Map.of(), Path.of(""), time, time);
    }
}
