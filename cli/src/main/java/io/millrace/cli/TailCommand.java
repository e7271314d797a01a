package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.SseEvent;
import io.millrace.cli.http.SseFollower;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Visible;
import io.millrace.event.ContextPattern;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace tail`: events as they come.
@Command(
        name = "tail",
        description = {
            "Follows the events of all contexts that a pattern covers, until Ctrl-C.",
            "A broken connection is made again, and goes on after the last event shown."
        },
        footer = {
            "  millrace tail '/org/contoso/**'",
            "  millrace tail '/org/*/room/4' --from 2026-03-01T10:00:00Z",
            "  millrace tail '/**' --output json | jq .event.type",
            "  millrace tail /jobs/done --max 1",
        })
final class TailCommand implements Callable<Integer>, SseFollower.Listener {
    private final Millrace millrace;
    private final EnvelopePrinter printer;
    private long shown;

    @Parameters(
            paramLabel = "PATTERN",
            description =
                    "Contexts: * stands for one segment, a last ** for everything from there on. "
                            + "Quote it, so that the shell leaves it alone.")
    private String pattern = "";

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description = "first, last, next, a time, or a position. Default: next.")
    private @Nullable String from;

    @Option(names = "--max", paramLabel = "N", description = "End after so many events.")
    private long max = Long.MAX_VALUE;

    TailCommand(Millrace millrace) {
        this.millrace = millrace;
        this.printer = new EnvelopePrinter(millrace);
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvelopePrinter.requireMax(max);
        printer.prepare();
        String path = "/tail" + Encoding.path(ContextPattern.of(pattern).toString());
        try (Api api = millrace.api()) {
            SseFollower follower =
                    new SseFollower(api, millrace.surroundings(), this, new Random());
            follower.follow(path, from == null ? null : Encoding.parameter(from));
        }
        return CommandFailure.OK;
    }

    @Override
    public boolean event(SseEvent event) {
        switch (event.event()) {
            case "message" -> {
                printer.print(event.data());
                shown++;
            }
            case "problem" ->
                    millrace.errors()
                            .show(
                                    millrace.json()
                                            .parse(event.data())
                                            .orElseGet(() -> millrace.json().object()),
                                    "the server");
            default -> {
                // Kinds that this version does not know carry no events.
            }
        }
        return shown < max && !millrace.outputClosed();
    }

    @Override
    public void notice(String sentence) {
        millrace.notice(
                millrace.surroundings().errStyle().yellow("millrace: ") + Visible.of(sentence));
    }
}
