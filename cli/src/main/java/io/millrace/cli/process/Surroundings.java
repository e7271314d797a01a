package io.millrace.cli.process;

import io.millrace.cli.text.Style;
import java.nio.file.Path;
import java.util.Map;

/// Everything outside the command that it may touch, apart from the server.
///
/// @param console the standard streams
/// @param environment the environment's variables
/// @param folder the working folder, against which relative paths are resolved
/// @param time the clock
/// @param lifetime the end of the process
public record Surroundings(
        Console console,
        Map<String, String> environment,
        Path folder,
        Time time,
        Lifetime lifetime) {

    /// How standard output is written to.
    public Style outStyle() {
        return console.outStyle(environment);
    }

    /// How standard error is written to.
    public Style errStyle() {
        return console.errStyle(environment);
    }

    /// The terminal's height in lines, as far as the shell tells it.
    public int lines() {
        String lines = environment.getOrDefault("LINES", "");
        return lines.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(lines) : 24;
    }

    /// The terminal's width in characters, as far as the shell tells it.
    public int columns() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 120;
    }
}
