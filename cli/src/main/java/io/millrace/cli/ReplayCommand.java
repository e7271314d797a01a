package io.millrace.cli;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.replay.DryRun;
import io.millrace.cli.replay.Replay;
import io.millrace.cli.replay.ReplayOptions;
import io.millrace.cli.replay.ReplayPlan;
import io.millrace.cli.text.Quantity;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `millrace replay`: rows of a file become events.
@Command(
        name = "replay",
        abbreviateSynopsis = true,
        description = {
            "Publishes the rows of a CSV or JSON file as events, in their order.",
            "",
            "A TEMPLATE is text with {column} in it, for which the row's value is put; {row} is "
                    + "the row's number and {file} the file's name.",
            "The run can be broken off at any time: the same command goes on where it ended."
        },
        footer = {
            "  millrace replay readings.csv --context '/site/room/{room}' --dry-run",
            "  millrace replay readings.csv --context '/site/room/{room}' --type reading \\",
            "      --time-column date --speed 60 --shift-to-now",
            "  millrace replay trades.csv --context '/markets/{symbol}' --data price,amount",
            "  millrace replay trace.ndjson --context '/car/{name}' --time-column timestamp \\",
            "      --time-format epoch-seconds --data '{\"is\":{value}}'",
        })
final class ReplayCommand implements Callable<Integer> {
    /// As a shell reports a process that Ctrl-C ended.
    private static final int INTERRUPTED = 130;

    private final Millrace millrace;

    @Mixin private final ReplayOptions options = new ReplayOptions();

    @Option(
            names = "--dry-run",
            description = "Read all rows, show the first five events, and publish nothing.")
    private boolean dryRun;

    ReplayCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean asJson = millrace.asJson();
        Surroundings surroundings = millrace.surroundings();
        ReplayPlan plan = options.plan(surroundings.folder(), millrace.server(), millrace.json());
        if (dryRun) {
            DryRun.Result result = DryRun.run(plan, surroundings, millrace.json(), millrace::print);
            millrace.notice(
                    "%s rows would be published to %s."
                            .formatted(
                                    Quantity.count(result.rows()),
                                    result.contexts() == 1
                                            ? "1 context"
                                            : Quantity.count(result.contexts()) + " contexts"));
            return CommandFailure.OK;
        }
        Replay.Result result = Replay.run(plan, surroundings, millrace.json());
        if (asJson) {
            millrace.print(
                    millrace.json()
                            .write(
                                    millrace.json()
                                            .object()
                                            .put("file", plan.input().toString())
                                            .put("rows", result.rows())
                                            .put("lastRow", result.lastRow())
                                            .put("seconds", result.elapsed().toMillis() / 1e3)
                                            .put("stopped", result.stopped())));
        } else {
            millrace.print(summary(plan, result));
        }
        return result.stopped() ? INTERRUPTED : CommandFailure.OK;
    }

    private static String summary(ReplayPlan plan, Replay.Result result) {
        if (result.stopped()) {
            return "stopped after row %s; the same command goes on from there"
                    .formatted(Quantity.count(result.lastRow()));
        }
        if (result.rows() == 0) {
            return "nothing left to publish; --restart begins with the first row";
        }
        double seconds = Math.max(1e-3, result.elapsed().toMillis() / 1e3);
        return "published %s rows of %s in %s (%s rows/s)"
                .formatted(
                        Quantity.count(result.rows()),
                        plan.input().getFileName(),
                        Quantity.duration(result.elapsed()),
                        Quantity.count((long) (result.rows() / seconds)));
    }
}
