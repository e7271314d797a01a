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
        return new CommandLine(new DeleteCommand()).addSubcommand(new Stream(millrace));
    }

    @Override
    public void run() {
        throw CommandFailure.usage("Delete what? Try 'millrace delete stream NAME'.");
    }

    /// `millrace delete stream NAME`.
    @Command(
            name = "stream",
            description = "Deletes a stream and all its events, after asking.",
            footer = {
                "  millrace delete stream tickets",
                "  millrace delete stream tickets --yes --if-match '\"5\"'",
            })
    static final class Stream implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The stream.")
        private String name = "";

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        @Option(
                names = "--if-match",
                paramLabel = "ETAG",
                description = "Only if the stream still has this ETag, as 'get stream' shows it.")
        private @Nullable String ifMatch;

        Stream(Millrace millrace) {
            this.millrace = millrace;
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
                        api.request("/api/v1/streams/" + Encoding.segment(name)).DELETE();
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
                                                .put("kind", "Stream")
                                                .put("name", name)
                                                .put("outcome", "deleted")));
            } else {
                millrace.print("Stream " + name + " deleted");
            }
            return CommandFailure.OK;
        }

        private boolean confirmed() throws IOException {
            Console console = millrace.surroundings().console();
            if (!console.terminals().in()) {
                throw CommandFailure.usage(
                        "Deleting stream %s deletes its events. There is no terminal to ask on: confirm with --yes."
                                .formatted(name));
            }
            console.err().print("Delete stream %s and all its events? [y/N] ".formatted(name));
            console.err().flush();
            var lines =
                    new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
            String answer = lines.readLine();
            String given = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
            return given.equals("y") || given.equals("yes");
        }
    }
}
