package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Backoff;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.http.Unreachable;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Quantity;
import io.millrace.event.ContextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `millrace read`: what a stream has recorded.
@Command(
        name = "read",
        description = "Reads a stream's history, oldest first.",
        footer = {
            "  millrace read events",
            "  millrace read events --from 2026-03-01T10:00:00Z --pattern '/org/*/floor/3/**'",
            "  millrace read tickets --partition 0 --from 1200 --max 10 --output json",
            "  millrace read events --from last --follow",
        })
final class ReadCommand implements Callable<Integer> {
    private static final int PAGE_MAX = 1000;
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final Millrace millrace;
    private final EnvelopePrinter printer;

    @Parameters(paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description =
                    "first, last, next, a time, a position, or, with --partition, an offset. "
                            + "Default: first.")
    private @Nullable String from;

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Only this one. Default: all, merged by time of recording.")
    private @Nullable Integer partition;

    @Option(names = "--max", paramLabel = "N", description = "At most so many events.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "Only events whose context this pattern covers.")
    private @Nullable String pattern;

    @Option(names = "--follow", description = "Wait for what comes, until Ctrl-C.")
    private boolean follow;

    private @Nullable String position;
    private boolean caughtUp;

    ReadCommand(Millrace millrace) {
        this.millrace = millrace;
        this.printer = new EnvelopePrinter(millrace);
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvelopePrinter.requireMax(max);
        printer.prepare();
        if (pattern != null) {
            pattern = ContextPattern.of(pattern).toString();
        }
        Backoff backoff = new Backoff(WAIT_MAX, new Random());
        long left = max;
        try (Api api = millrace.api()) {
            while (left > 0 && !millrace.surroundings().lifetime().stopping()) {
                Answer page;
                try {
                    page = api.send(api.get(path(left)).build());
                    backoff.reset();
                } catch (Unreachable e) {
                    waitAfter(e, e.reason(), backoff.next());
                    continue;
                } catch (ServerProblem e) {
                    Duration wait = e.retryAfter().orElseGet(backoff::next);
                    waitAfter(e, String.valueOf(e.getMessage()), wait);
                    continue;
                }
                left -= print(page);
                if ((caughtUp && !follow) || millrace.outputClosed()) {
                    break;
                }
            }
        }
        return CommandFailure.OK;
    }

    /// A follower outlives a server's restart; a reader who has not begun to follow does not wait.
    private void waitAfter(RuntimeException failure, String reason, Duration wait)
            throws InterruptedException {
        boolean refused = failure instanceof ServerProblem problem && !problem.isTemporary();
        if (!follow || position == null || refused) {
            throw failure;
        }
        millrace.notice(
                "millrace: %s; reading again in %s.".formatted(reason, Quantity.duration(wait)));
        millrace.surroundings().time().pause(wait);
    }

    private String path(long left) {
        StringBuilder path = new StringBuilder("/streams/");
        path.append(Encoding.segment(stream)).append("/events?max=");
        path.append(Math.min(left, PAGE_MAX));
        String start = position != null ? position : from;
        if (start != null) {
            path.append("&from=").append(Encoding.parameter(start));
        }
        if (partition != null) {
            path.append("&partition=").append(partition);
        }
        if (pattern != null) {
            path.append("&pattern=").append(Encoding.parameter(pattern));
        }
        if (follow && caughtUp) {
            path.append("&wait=").append(WAIT_MAX.toSeconds()).append('s');
        }
        return path.toString();
    }

    /// Writes a page and remembers where the next one begins.
    private long print(Answer page) {
        List<String> envelopes = page.text().lines().filter(line -> !line.isEmpty()).toList();
        envelopes.forEach(printer::print);
        position =
                page.headers()
                        .firstValue("Millrace-Position")
                        .orElseThrow(() ->
                                CommandFailure.failed(
                                        "The answer has no Millrace-Position. Is the server a Millrace?"));
        caughtUp = page.headers().firstValue("Millrace-End").orElse("").equals("true");
        return envelopes.size();
    }
}
