package io.millrace.cli.process;

import io.millrace.cli.text.Style;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The three standard streams, and which of them are terminals. Output is UTF-8, whatever the
/// locale says: it is JSON as often as not.
///
/// @param in standard input
/// @param out what the user asked for
/// @param err everything else: problems, progress, notices
/// @param terminals which of them a person sits at
public record Console(InputStream in, PrintStream out, PrintStream err, Terminals terminals) {
    private static final int BUFFER_BYTES = 1 << 14;

    /// Which standard streams are terminals.
    public record Terminals(boolean in, boolean out, boolean err) {}

    /// The process's own streams.
    public static Console system() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                print(FileDescriptor.out),
                print(FileDescriptor.err),
                new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)));
    }

    private static PrintStream print(FileDescriptor descriptor) {
        var buffered =
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES);
        // Flushed at the end of every line: a follower of `tail | grep` waits for each.
        return new PrintStream(buffered, true, StandardCharsets.UTF_8);
    }

    /// The JDK only tells whether input and output both are terminals; Linux tells each.
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/")
                        || target.startsWith("/dev/tty")
                        || target.equals("/dev/console");
            } catch (IOException _) {
                return false;
            }
        }
        return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
    }

    /// How to write to [#out]: in colours on a terminal, unless `NO_COLOR` is set
    /// (<https://no-color.org>).
    Style outStyle(Map<String, String> environment) {
        return new Style(terminals.out && coloursWanted(environment));
    }

    /// How to write to [#err].
    Style errStyle(Map<String, String> environment) {
        return new Style(terminals.err && coloursWanted(environment));
    }

    private static boolean coloursWanted(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }
}
