package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace delete`: resources, and what they hold.
@Command(
        name = "delete",
        description = "Deletes a resource and what it holds.",
        footer = {"  millrace delete stream tickets"})
final class DeleteCommand implements Runnable {
    private DeleteCommand() {}

    static CommandLine line(Millrace millrace) {
        CommandLine line = new CommandLine(new DeleteCommand());
        for (ResourceKind kind : ResourceKind.values()) {
            CommandLine one = new CommandLine(new OfKind(millrace, kind));
            one.getCommandSpec()
                    .usageMessage()
                    .description("Deletes a %s, after asking.".formatted(kind.withContents()))
                    .footer(
                            "  millrace delete %s NAME".formatted(kind.noun()),
                            "  millrace delete %s NAME --yes --if-match '\"5\"'"
                                    .formatted(kind.noun()));
            line.addSubcommand(kind.noun(), one);
        }
        return line;
    }

    @Override
    public void run() {
        throw CommandFailure.usage("Delete what? Try 'millrace delete stream NAME'.");
    }

    /// `millrace delete stream NAME` and the like.
    @Command
    static final class OfKind implements Callable<Integer> {
        private final Millrace millrace;
        private final ResourceKind kind;

        @Parameters(paramLabel = "NAME", description = "Which one.")
        private String name = "";

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        @Option(
                names = "--if-match",
                paramLabel = "ETAG",
                description = "Only if it still has this ETag, as 'get' shows it.")
        private @Nullable String ifMatch;

        OfKind(Millrace millrace, ResourceKind kind) {
            this.millrace = millrace;
            this.kind = kind;
        }

        @Override
        public Integer call() throws IOException {
            boolean asJson = millrace.asJson();
            if (!yes && !confirmed()) {
                millrace.notice("Nothing was deleted.");
                return CommandFailure.FAILED;
            }
            try (Api api = millrace.api()) {
                HttpRequest.Builder request =
                        api.request("/api/v1/" + kind.plural() + "/" + Encoding.segment(name))
                                .DELETE();
                if (ifMatch != null) {
                    request.header("If-Match", ifMatch);
                }
                api.send(request.build());
            }
            if (asJson) {
                millrace.print(
                        millrace.json()
                                .write(
                                        millrace.json()
                                                .object()
                                                .put("kind", kind.word())
                                                .put("name", name)
                                                .put("outcome", "deleted")));
            } else {
                millrace.print(kind.word() + " " + name + " deleted");
            }
            return CommandFailure.OK;
        }

        private boolean confirmed() throws IOException {
            Console console = millrace.surroundings().console();
            if (!console.terminals().in()) {
                throw CommandFailure.usage(
                        "This deletes the %s. There is no terminal to ask on: confirm with --yes."
                                .formatted(kind.withContents(name)));
            }
            console.err().print("Delete %s? [y/N] ".formatted(kind.withContents(name)));
            console.err().flush();
            var lines =
                    new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
            String answer = lines.readLine();
            String given = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
            return given.equals("y") || given.equals("yes");
        }
    }
}
