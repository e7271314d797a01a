package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.event.ContextPattern;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace latest`: how things stand, which is the newest event of each context.
@Command(
        name = "latest",
        description = "Shows the latest event of each context that a pattern covers.",
        footer = {
            "  millrace latest /org/contoso/room/4",
            "  millrace latest '/org/*/room/**' --output json",
            "  millrace latest '/**' --retained",
        })
final class LatestCommand implements Callable<Integer> {
    /// Few large pages: each is read in the order of the log.
    private static final int PAGE_MAX = 10_000;

    private final Millrace millrace;
    private final EnvelopePrinter printer;

    @Parameters(
            paramLabel = "PATTERN",
            description =
                    "Contexts: * stands for one segment, a last ** for everything from there on. "
                            + "Quote it, so that the shell leaves it alone.")
    private String pattern = "";

    @Option(
            names = "--retained",
            description =
                    "What somebody gets who subscribes over MQTT now: without events that only "
                            + "passed by.")
    private boolean retained;

    @Option(names = "--max", paramLabel = "N", description = "At most so many events.")
    private long max = Long.MAX_VALUE;

    LatestCommand(Millrace millrace) {
        this.millrace = millrace;
        this.printer = new EnvelopePrinter(millrace);
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvelopePrinter.requireMax(max);
        printer.prepare();
        long left = max;
        String path =
                "/latest"
                        + Encoding.path(ContextPattern.of(pattern).toString())
                        + "?limit="
                        + Math.min(left, PAGE_MAX)
                        + (retained ? "&retained=true" : "");
        try (Api api = millrace.api()) {
            while (path != null && left > 0 && !isOver()) {
                Answer page = api.send(api.get(path).build());
                for (String envelope : page.text().lines().toList()) {
                    if (left > 0 && !envelope.isEmpty()) {
                        printer.print(envelope);
                        left--;
                    }
                }
                path = next(page);
            }
        }
        return CommandFailure.OK;
    }

    private boolean isOver() {
        return millrace.outputClosed() || millrace.surroundings().lifetime().stopping();
    }

    /// The address of the page behind this one (RFC 8288); `null` if this was the last.
    private static @Nullable String next(Answer page) {
        String link = page.headers().firstValue("Link").orElse("");
        int end = link.indexOf(">; rel=\"next\"");
        return link.startsWith("<") && end > 0 ? link.substring(1, end) : null;
    }
}
