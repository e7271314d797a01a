package io.millrace.cli;

import io.millrace.cli.process.Console;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.process.SystemProcess;
import java.nio.file.Path;

/// The process of the `millrace` command.
public final class Main {
    private Main() {}

    /// Runs one command and ends with its exit code.
    public static void main(String[] args) {
        SystemProcess process = new SystemProcess();
        Console console = Console.system();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    process.stop();
                                    console.out().flush();
                                    console.err().flush();
                                },
                                "stop"));
        Surroundings surroundings =
                new Surroundings(console, System.getenv(), Path.of(""), process, process);
        System.exit(new Millrace(surroundings).run(args));
    }
}
