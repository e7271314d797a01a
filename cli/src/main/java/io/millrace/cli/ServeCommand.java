package io.millrace.cli;

import io.millrace.cli.process.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `millrace serve`, which the launcher script hands to the server's own main class before this
/// command is ever asked. Here it is only named.
@Command(
        name = "serve",
        description = "Starts the server (by the launcher script; see 'millrace serve --help').",
        footer = {
            "  millrace serve",
            "  millrace serve --config millrace.yaml",
        })
final class ServeCommand implements Runnable {
    private final Millrace millrace;

    /// Whatever the server would understand.
    @Unmatched private List<String> arguments = new ArrayList<>();

    ServeCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public void run() {
        millrace.notice(
                "The command line does not contain the server. Start it with the launcher:");
        millrace.notice("  bin/millrace serve " + String.join(" ", arguments));
        millrace.notice("or with the server's own jars on the class path:");
        millrace.notice("  java -cp 'server/lib/*' io.millrace.server.Main");
        throw CommandFailure.usage("'serve' needs the launcher script bin/millrace.");
    }
}
